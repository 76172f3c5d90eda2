using System.Globalization;
using AngleSharp.Dom;
using Bunit;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.Tasks.Logs;

namespace Platz.Tests.Web.Tasks.Logs;

/// <summary>A view of the log of a task that runs; the test writes the log.</summary>
public abstract class LogViewTest(PostgresServer postgres) : PageTest(postgres)
{
    private protected LogHand Log { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await EnqueueAsync(await AddDeploymentAsync());
        Log = await LogHand.StartAsync(Queue, Services, Claims(), Cancel, new TaskLogLimits(70, 70_000));
    }

    protected async Task<IRenderedComponent<LogView>> OpenAsync()
    {
        var task = (await History.FindAsync(Log.Task.Id, Cancel))!;
        var view = Page.Render<LogView>(p => p.Add(v => v.Task, task));
        view.WaitForAssertion(() => view.Find(".log-scroll"), Patience);
        return view;
    }

    protected static List<long> Numbers(IRenderedComponent<LogView> view) =>
        [.. Lines(view).Select(line => line.Number)];

    protected static IElement Line(IRenderedComponent<LogView> view, long number) =>
        Lines(view).Single(line => line.Number == number).Row;

    protected static IEnumerable<long> Picked(IRenderedComponent<LogView> view) =>
        Lines(view).Where(line => line.Row.ClassList.Contains("log-picked")).Select(line => line.Number);

    protected static long Origin(IRenderedComponent<LogView> view) => Number(view.Find(".log-scroll"), "data-origin");

    /// <summary>As the browser numbers them: one more than above, where a row does not say.</summary>
    private static List<(long Number, IElement Row)> Lines(IRenderedComponent<LogView> view)
    {
        var (lines, last) = (new List<(long, IElement)>(), long.MinValue);
        foreach (var row in view.FindAll(".log-rows > li"))
        {
            last = row.HasAttribute("value") ? Number(row, "value") : last + 1;
            if (!row.ClassList.Contains("log-phase") && !row.ClassList.Contains("log-left-out"))
            {
                lines.Add((last, row));
            }
        }

        return lines;
    }

    protected static long Number(IElement element, string name) =>
        long.Parse(element.GetAttribute(name)!, CultureInfo.InvariantCulture);
}

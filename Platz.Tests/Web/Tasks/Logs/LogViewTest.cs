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
        [.. view.FindAll(".log-rows > [data-seq]").Select(row => Number(row, "data-seq"))];

    protected static long Origin(IRenderedComponent<LogView> view) => Number(view.Find(".log-scroll"), "data-origin");

    protected static long Number(IElement element, string name) =>
        long.Parse(element.GetAttribute(name)!, CultureInfo.InvariantCulture);
}

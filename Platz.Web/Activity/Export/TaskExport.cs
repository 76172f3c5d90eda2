using System.Runtime.CompilerServices;
using System.Text;
using Platz.Core.Activity;
using Platz.Core.Tasks;

namespace Platz.Web.Activity.Export;

/// <summary>
/// All tasks that a filter lets through, newest first, as a file; sent as they are read, a part at a time, so that
/// their number does not matter. What is queued meanwhile is not in it.
/// </summary>
internal sealed class TaskExport(TaskSource source, ActivityScope scope, TaskFilter filter, ExportFormat format) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancel = httpContext.RequestAborted;
        var response = httpContext.Response;
        var env = scope.EnvId is { } id ? scope.EnvNames.GetValueOrDefault(id) : null;
        ExportFile.Describe(response, $"tasks-{env ?? "all"}", source.Now, format);
        var text = new StringBuilder();
        if (format is ExportFormat.Csv)
        {
            CsvText.Append(text, TaskColumns.All.Select(c => c.Name));
        }

        await foreach (var tasks in source.PartsAsync(filter, cancel))
        {
            foreach (var task in tasks)
            {
                ExportFile.AppendRow(text, format, TaskColumns.Of(task, scope));
            }

            await response.WriteAsync(text.ToString(), cancel);
            text.Clear();
        }
    }
}

/// <param name="Now">The time that the file is named after.</param>
internal sealed record TaskSource(TaskSearch Search, DateTimeOffset Now)
{
    private const int TasksAtOnce = 500;

    public async IAsyncEnumerable<IReadOnlyList<DeploymentTask>> PartsAsync(
        TaskFilter filter, [EnumeratorCancellation] CancellationToken cancel)
    {
        TaskCursor? next = null;
        do
        {
            (var tasks, next) = await Search.SliceAsync(filter, next, TasksAtOnce, cancel);
            yield return tasks;
        }
        while (next is not null);
    }
}

using Platz.Bench.Pages;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Tasks;

/// <summary>
/// Every list and filter that the bench of the pages times, on its last page, whose statements are those of every page:
/// tasks are looked for in indexes that hold all that is asked, fetched by their ids, and not sorted. Words that few
/// tasks have are the one exception: those tasks are found by trigrams, in no order.
/// </summary>
[Collection(typeof(QueryPlans))]
public sealed class TaskPlanTests(QueryPlans.LongHistory history)
{
    /// <summary>More than the tasks that are live in this history: those are looked for in the queue, and sorted.</summary>
    private const int Few = 100;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Parts => [.. PageCases.All.Select(c => c.Part).Distinct()];

    [Theory]
    [MemberData(nameof(Parts))]
    public async Task No_list_walks_the_table_or_sorts_more_than_it_may(string part)
    {
        foreach (var asked in PageCases.All.Where(c => c.Part == part))
        {
            history.Commands.Take();
            await history.History.PageAsync(asked.Filter, TaskHistory.CountLimit / TaskHistory.PageSize, Cancel);
            var commands = history.Commands.Take();
            Assert.NotEmpty(commands);
            foreach (var command in commands)
            {
                var plan = await QueryPlan.OfAsync(history.Source, command, Cancel);
                Assert.True(IsQuick(plan), $"{asked.What}:\n{plan}");
            }
        }
    }

    private static bool IsQuick(QueryPlan plan)
    {
        var byTrigrams = plan.Uses("ix_deployment_tasks_trigrams");
        return plan.Nodes.All(node => node switch
        {
            { Kind: "Sort" or "Incremental Sort" } => node.RowsBelow <= (byTrigrams ? TaskHistory.CountLimit : Few),
            { Table: not "deployment_tasks" } => true,
            { Kind: "Index Only Scan" } or { Index: "pk_deployment_tasks" } => true,
            _ => byTrigrams,
        });
    }
}

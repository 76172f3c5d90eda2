using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Deployments;

/// <summary>What creates tasks, row by row of contract 2.4, and every pair of changes that fits one save.</summary>
public sealed class TriggerTests(PostgresServer postgres) : EditorTest(postgres)
{
    public static TheoryData<string, bool, string> Edits() => new()
    {
        { "chart", true, nameof(Upgrade) },
        { "config", true, nameof(Upgrade) },
        { "override", true, nameof(Upgrade) },
        { "same", true, nameof(Upgrade) },
        { "name", true, nameof(Recreate) },
        { "cluster", true, nameof(Recreate) },
        { "disable", true, nameof(Uninstall) },
        { "description", true, "" },
        { "chart", false, "" },
        { "config", false, "" },
        { "override", false, "" },
        { "name", false, "" },
        { "cluster", false, "" },
        { "description", false, "" },
        { "enable", false, nameof(Install) },
    };

    [Theory, MemberData(nameof(Edits))]
    public async Task One_change_makes_the_task_of_the_table(string change, bool enabled, string expected) =>
        Assert.Equal(expected, await EditAsync(enabled, change));

    /// <summary>All pairs of the above: the first of disable, enable, move or rename, Upgrade decides.</summary>
    public static TheoryData<string, string, bool, string> Pairs()
    {
        string[] all = ["chart", "config", "override", "description", "name", "cluster", "disable", "enable"];
        string[] order = ["disable", "enable", "name", "cluster", "chart", "config", "override", "description"];
        var pairs = new TheoryData<string, string, bool, string>();
        foreach (var (one, other) in all.SelectMany((a, i) => all.Skip(i + 1).Select(b => (a, b))))
        {
            if ((one, other) is ("disable", "enable"))
            {
                continue; // not in one save
            }

            foreach (var enabled in new[] { true, false })
            {
                if ((enabled && other is "enable") || (!enabled && (one is "disable" || other is "disable")))
                {
                    continue; // it is so already
                }

                var first = order.First(o => o == one || o == other);
                pairs.Add(one, other, enabled, (first, enabled) switch
                {
                    ("disable", _) => nameof(Uninstall),
                    ("enable", _) => nameof(Install),
                    (_, false) => "",
                    ("name" or "cluster", _) => nameof(Recreate),
                    _ => nameof(Upgrade),
                });
            }
        }

        return pairs;
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task Two_changes_in_one_save_make_one_task(string one, string other, bool enabled, string expected) =>
        Assert.Equal(expected, await EditAsync(enabled, one, other));

    private async Task<string> EditAsync(bool enabled, params string[] changes)
    {
        var saved = await CreateAsync("shop", """{"a":1}""");
        if (!enabled)
        {
            await SavedAsync(saved.DeploymentId, new DeploymentEdit { Enabled = false });
        }

        var before = (await TasksAsync(saved.DeploymentId)).Count;
        var edit = changes.Aggregate(new DeploymentEdit(), (e, change) => change switch
        {
            "chart" => e with { HelmChartId = Newer.Id },
            "config" => e with { Config = Json("""{"a":2}""") },
            "same" => e with { Config = Json("""{"a":1}""") },
            "override" => e with { ValuesOverride = Json("""{"x":1}""") },
            "name" => e with { Name = "store" },
            "cluster" => e with { ClusterId = Second.Id },
            "description" => e with { DescriptionMd = "what it is for" },
            "disable" => e with { Enabled = false },
            _ => e with { Enabled = true },
        });
        await SavedAsync(saved.DeploymentId, edit);
        return (await TasksAsync(saved.DeploymentId)).Skip(before).ToList() switch
        {
            [] => "",
            [var one] => one.OpKind,
            var more => string.Join(',', more.Select(t => t.OpKind)),
        };
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

/// <summary>What docs/api.md gives to CI jobs, run as they would; the test is the runner.</summary>
public sealed class DeployScriptsTests(PostgresServer postgres) : WebTest(postgres)
{
    [Theory]
    [InlineData("bash", "deploy.sh")]
    [InlineData("python3", "deploy.py")]
    public async Task A_job_deploys_a_version_waits_and_prints_the_log(string program, string script)
    {
        var (code, output, _) = await DeployAsync(program, script, DeploymentTaskStatus.Done, null);

        Assert.Equal(0, code);
        Assert.Contains("Pulled the chart\nRelease \"web-shop\" has been upgraded", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "deploy.sh")]
    [InlineData("python3", "deploy.py")]
    public async Task A_job_fails_with_its_task_and_says_why(string program, string script)
    {
        var (code, output, error) = await DeployAsync(program, script, DeploymentTaskStatus.Failed, "timed out waiting");

        Assert.NotEqual(0, code);
        Assert.Contains("Pulled the chart", output, StringComparison.Ordinal);
        Assert.Contains("timed out waiting", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "deploy.sh")]
    [InlineData("python3", "deploy.py")]
    public async Task A_job_that_may_not_deploy_fails_with_the_words_of_the_server(string program, string script)
    {
        using var member = await ClientAsync(EnvRole.User);

        var (code, _, error) = await Command.RunAsync(
            program, [Script(script), $"{(await AddDeploymentAsync()).Id}", $"{Chart.Id}"], Environment(member), Cancel);

        Assert.NotEqual(0, code);
        Assert.Contains("a Maintainer of this kind", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_documentation_shows_the_script_as_it_is()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "api.md"), Cancel);

        Assert.Contains($"```bash\n{await File.ReadAllTextAsync(Script("deploy.sh"), Cancel)}```", page, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Error)> DeployAsync(
        string program, string script, DeploymentTaskStatus status, string? reason)
    {
        var made = await PostAsync("/api/v2/deployments", new JsonObject
        {
            ["name"] = "shop",
            ["kind_id"] = Kind.Id.ToString(),
            ["cluster_id"] = Cluster.Id.ToString(),
            ["helm_chart_id"] = Chart.Id.ToString(),
        }, HttpStatusCode.Created);
        await Queue.FinishAsync([Done(Assert.Single(await Queue.ClaimAsync(Claims(), Cancel)))]);
        using var maintainer = await ClientAsync(KindRole.Maintainer);

        var job = Command.RunAsync(
            program, [Script(script), Text(made, "id"), $"{await AddChartAsync()}"], Environment(maintainer), Cancel);
        await UntilAsync("EXISTS (SELECT FROM deployment_tasks WHERE op_kind = 'Upgrade')");
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        var writer = await Services.GetRequiredService<TaskLog>().OpenAsync(
            task.Id, task.Fence, new TaskLogLimits(Head: 1_000, Tail: 1_000), new Redactor([]), Cancel);
        foreach (var line in new[] { "Pulled the chart", "Release \"web-shop\" has been upgraded" })
        {
            writer.AddOutput(line, DateTimeOffset.UnixEpoch, Phase.HelmUpgrade);
            await writer.FlushAsync(Cancel);
        }

        await Queue.FinishAsync([Done(task) with { Status = status, Reason = reason }]);
        return await job;
    }

    private async Task<Guid> AddChartAsync()
    {
        await using var db = await DbAsync();
        var newer = NewChart("2.0.0");
        db.Add(newer);
        await db.SaveChangesAsync(Cancel);
        return newer.Id;
    }

    private static string Script(string name) => Path.Combine(Repository.Root, "samples", "ci", name);

    private Dictionary<string, string> Environment(HttpClient caller) => new()
    {
        ["PLATZ_URL"] = Server.Url.ToString().TrimEnd('/'),
        ["PLATZ_TOKEN"] = Assert.Single(caller.DefaultRequestHeaders.GetValues("x-platz-token")),
    };
}

using Bunit;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.Tasks.Logs;

namespace Platz.Tests.Web.Tasks.Logs;

public sealed class LogPageTests(PostgresServer postgres) : LogViewTest(postgres)
{
    [Fact]
    public async Task It_names_the_task_leads_back_to_it_and_follows_its_state()
    {
        await Log.WriteAsync(Phase.HelmUpgrade, 3);
        await MakeAliceAsync(EnvRole.User);

        var page = Open(Log.Task.Id);

        page.WaitForAssertion(() => Assert.Equal("Install of shop", page.Find("h1").TextContent), Patience);
        Assert.Equal(
            [$"/deployments/{Log.Task.DeploymentId}", $"/tasks/{Log.Task.Id}"],
            page.FindAll(".crumbs a").Select(link => link.GetAttribute("href")));
        await Queue.FinishAsync([Done(Log.Task)]);
        page.WaitForAssertion(() => Assert.Equal("Done", page.Find(".chip").TextContent.Trim()), Patience);
    }

    [Fact]
    public async Task A_task_without_output_says_so()
    {
        var page = Open(Log.Task.Id);
        page.WaitForAssertion(() => Assert.Equal(
            "Nothing yet; lines appear here as they come.", page.Find(".log-nothing").TextContent.Trim()), Patience);

        await Queue.FinishAsync([Done(Log.Task)]);

        page.WaitForAssertion(() => Assert.Equal(
            "Nothing was written.", page.Find(".log-nothing").TextContent.Trim()), Patience);
    }

    [Fact]
    public async Task What_is_not_theirs_to_see_does_not_exist_for_a_stranger()
    {
        await Log.WriteAsync(Phase.HelmUpgrade, 3);
        await MakeAliceAsync();

        var theirs = Open(Log.Task.Id);
        var none = Open(Guid.NewGuid());

        theirs.WaitForAssertion(() => Assert.Contains(
            "There is no such task", theirs.Markup, StringComparison.Ordinal), Patience);
        none.WaitForAssertion(() => Assert.Equal(theirs.Markup, none.Markup), Patience);
    }

    private IRenderedComponent<LogPage> Open(Guid id) => Page.Render<LogPage>(p => p.Add(page => page.Id, id));
}

using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web.Activity;
using Platz.Web.Live;
using Platz.Web.Shared;
using Platz.Web.Tasks;

namespace Platz.Tests.Web.Tasks;

/// <summary>A list renders with every change of any of its tasks; a row only with those of its own.</summary>
public sealed class TaskRowRendersTests : BunitContext
{
    private readonly Guid _id = Guid.NewGuid();
    private readonly Actor _actor = new Actor.User(Guid.NewGuid(), "Alice");

    public TaskRowRendersTests()
    {
        Services.AddSingleton<TimeProvider>(new FakeTimeProvider(SomeTask.Now)).AddScoped<Ticker>().AddScoped<TimeChoice>();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void What_is_read_again_and_is_the_same_is_not_rendered()
    {
        var row = Render<TaskRow>(p => p.Add(r => r.Task, Read(DeploymentTaskStatus.Started, Phase.Validate)));
        var renders = row.RenderCount;

        row.Render(p => p.Add(r => r.Task, Read(DeploymentTaskStatus.Started, Phase.Validate)));

        Assert.Equal(renders, row.RenderCount);
    }

    [Fact]
    public void Whatever_else_it_tells_is_rendered()
    {
        var row = Render<TaskRow>(p => p.Add(r => r.Task, Read(DeploymentTaskStatus.Pending, phase: null)));

        row.Render(p => p.Add(r => r.Wait, new QueuePlace(QueueState.Ready, Ahead: 7)));
        Assert.Contains("7 before it", row.Markup, StringComparison.Ordinal);
        row.Render(p => p.Add(r => r.Task, Read(DeploymentTaskStatus.Started, Phase.Validate)));
        Assert.Contains("Phase <b>validate</b>", row.Markup, StringComparison.Ordinal);
        row.Render(p => p.Add(r => r.Task, Read(DeploymentTaskStatus.Started, Phase.HelmUpgrade)));
        Assert.Contains("Phase <b>helm-upgrade</b>", row.Markup, StringComparison.Ordinal);
        row.Render(p => p.Add(r => r.Task, Read(DeploymentTaskStatus.Started, Phase.HelmUpgrade, cancelRequested: true)));
        Assert.Contains("Cancel requested by Bob", row.Markup, StringComparison.Ordinal);
        row.Render(p => p.Add(r => r.Task, Read(DeploymentTaskStatus.Done, Phase.HelmUpgrade)));
        Assert.Equal("Done", row.Find(".chip").TextContent.Trim());
        row.Render(p => p.Add(r => r.IsCurrent, true));
        Assert.Contains("current revision", row.Markup, StringComparison.Ordinal);
        row.Render(p => p.Add(r => r.Expanded, true));
        Assert.Equal("true", row.Find("[data-act=expand]").GetAttribute("aria-expanded"));
    }

    [Fact]
    public void Its_actor_leads_to_what_the_page_asks_for_now()
    {
        var query = ActivityQuery.Parse("status=Failed");
        var links = ActorLinks.Within(() => query, asked => $"/activity?{asked.Write()}");
        var task = Read(DeploymentTaskStatus.Done, Phase.HelmUpgrade);
        var row = Render<TaskRow>(p => p.Add(r => r.Task, task).AddCascadingValue(links));
        Assert.StartsWith("/activity?status=Failed&actor=", row.Find(".actor a").GetAttribute("href"), StringComparison.Ordinal);

        query = ActivityQuery.Parse("status=Done");
        row.Render(p => p.Add(r => r.Task, task));

        Assert.StartsWith("/activity?status=Done&actor=", row.Find(".actor a").GetAttribute("href"), StringComparison.Ordinal);
    }

    private DeploymentTask Read(DeploymentTaskStatus status, string? phase, bool cancelRequested = false) =>
        SomeTask.With(id: _id, actor: _actor, status: status, phase: phase, cancelRequested: cancelRequested);
}

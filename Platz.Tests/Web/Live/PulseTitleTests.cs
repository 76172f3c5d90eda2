using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.Live;

namespace Platz.Tests.Web.Live;

public sealed class PulseTitleTests(PostgresServer postgres) : PageTest(postgres)
{
    private Deployment _deployment = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _deployment = await AddDeploymentAsync();
    }

    [Fact]
    public async Task A_task_says_where_it_stands_in_a_hidden_tab_too()
    {
        var id = await EnqueueAsync(_deployment);
        var page = Open(new PulseScope.OneTask(Env.Id, _deployment.Id, id));
        Reads("Here · Pending · Platz", page);
        Page.Services.GetRequiredService<Visibility>().Show(isHidden: true);

        var task = await ClaimAsync();
        Reads("● Here · Started · Platz", page);
        await Queue.CancelAsync(id, Alice, reason: null, Cancel);
        Reads("● Here · Cancel requested · Platz", page);
        await Queue.FinishAsync([Failed(task)]);
        Reads("✕ Here · Failed · Platz", page);
    }

    [Fact]
    public async Task A_deployment_runs_has_failed_or_says_nothing()
    {
        var page = Open(new PulseScope.OneDeployment(Env.Id, _deployment.Id));
        Reads("Here · Platz", page);

        await EnqueueAsync(_deployment);
        var task = await ClaimAsync();
        Reads("● Here · Platz", page);
        await Queue.FinishAsync([Failed(task)]);
        Reads("✕ Here · Platz", page);
        await EnqueueAsync(_deployment);
        await Queue.FinishAsync([Done(await ClaimAsync())]);
        Reads("Here · Platz", page);
    }

    [Fact]
    public async Task Envs_and_kinds_say_that_something_of_them_runs()
    {
        await EnqueueAsync(_deployment);
        await ClaimAsync();

        Reads("● Here · Platz", Open(new PulseScope.OfEnv(Env.Id)));
        Reads("● Here · Platz", Open(new PulseScope.OfEnv(Env.Id, Kind.Id)));
        Reads("● Here · Platz", Open(new PulseScope.All(Alice)));
        var pulses = Page.Services.GetRequiredService<Pulses>();
        Assert.Equal(Pulse.Calm, await pulses.OfEnvAsync(Env.Id, Guid.NewGuid(), Cancel));
        Assert.Equal(Pulse.Calm, await pulses.OfEnvAsync(Guid.NewGuid(), kindId: null, Cancel));
        await MakeAliceAsync();
        Assert.Equal(Pulse.Calm, await pulses.OfAllAsync(Alice, Cancel));
        await MakeAliceAsync(EnvRole.User);
        Assert.Equal(Pulse.Running, await pulses.OfAllAsync(Alice, Cancel));
    }

    private async Task<DeploymentTask> ClaimAsync() => Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));

    private static TaskResult Failed(DeploymentTask task) => Done(task) with
    {
        Status = DeploymentTaskStatus.Failed,
        Reason = "broken",
        DeploymentStatus = DeploymentStatus.Error,
        Revision = RevisionChange.Keep,
    };

    private IRenderedComponent<PulseTitle> Open(PulseScope scope) =>
        Page.Render<PulseTitle>(p => p.Add(t => t.Title, "Here").Add(t => t.Scope, scope));

    private static void Reads(string title, IRenderedComponent<PulseTitle> page) =>
        page.WaitForAssertion(() => Assert.Equal(title, TitleOf(page)), Patience);
}

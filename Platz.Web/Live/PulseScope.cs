using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web.Theme;

namespace Platz.Web.Live;

/// <summary>What the title of a page tells about.</summary>
public abstract record PulseScope
{
    public sealed record OneTask(Guid EnvId, Guid DeploymentId, Guid Id) : PulseScope;

    public sealed record OneDeployment(Guid EnvId, Guid Id) : PulseScope;

    /// <param name="KindId">Null for all kinds.</param>
    public sealed record OfEnv(Guid Id, Guid? KindId = null) : PulseScope;

    /// <summary>All envs that the reader may see.</summary>
    public sealed record All(Actor Reader) : PulseScope;

    public Topic Topic => this switch
    {
        OneTask task => new Topic.Deployment(task.EnvId, task.DeploymentId),
        OneDeployment deployment => new Topic.Deployment(deployment.EnvId, deployment.Id),
        OfEnv env => new Topic.Env(env.Id),
        _ => new Topic.Table("deployment_tasks"),
    };

    public async Task<PulseWords> ReadAsync(Pulses pulses) => this switch
    {
        OneTask task => await pulses.OfTaskAsync(task.Id, CancellationToken.None) is { } state
            ? new(state.Pulse, Look.Of(state.Status, state.CancelRequested).Word)
            : PulseWords.Unknown,
        OneDeployment deployment => new(await pulses.OfDeploymentAsync(deployment.Id, CancellationToken.None)),
        OfEnv env => new(await pulses.OfEnvAsync(env.Id, env.KindId, CancellationToken.None)),
        All all => new(await pulses.OfAllAsync(all.Reader, CancellationToken.None)),
        _ => PulseWords.Unknown,
    };
}

/// <param name="Word">Where a task stands; null for what is no task.</param>
public sealed record PulseWords(Pulse Pulse, string? Word = null)
{
    public static PulseWords Unknown { get; } = new(Pulse.Calm);

    /// <summary>Before the title; <c>icon.js</c> shows it in the icon too.</summary>
    public string Mark => Pulse switch
    {
        Pulse.Running => "● ",
        Pulse.Failed => "✕ ",
        _ => "",
    };
}

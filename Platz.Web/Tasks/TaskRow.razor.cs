using Microsoft.AspNetCore.Components;
using Platz.Core.Tasks;
using Platz.Web.Activity;

namespace Platz.Web.Tasks;

/// <summary>The one row of every list of tasks (ui.md 7.2); it stands in a <see cref="TaskTable"/>.</summary>
public sealed partial class TaskRow : IDisposable
{
    private OperationLabel _label = new("", null);
    private object? _shown;

    [Parameter, EditorRequired]
    public required DeploymentTask Task { get; set; }

    /// <summary>Why it waits, while it is pending.</summary>
    [Parameter]
    public QueuePlace? Wait { get; set; }

    /// <summary>Whether this is what is installed now.</summary>
    [Parameter]
    public bool IsCurrent { get; set; }

    /// <summary>In lists across deployments: whose task it is.</summary>
    [Parameter]
    public bool ShowsDeployment { get; set; }

    /// <summary>In lists across envs.</summary>
    [Parameter]
    public string? EnvName { get; set; }

    [Parameter]
    public OperationNames Names { get; set; } = OperationNames.None;

    [Parameter]
    public bool ShowsOverride { get; set; }

    [Parameter]
    public bool Expanded { get; set; }

    [Parameter]
    public EventCallback OnToggle { get; set; }

    /// <summary>A command is offered where somebody handles it and the task stands so that it makes sense.</summary>
    [Parameter]
    public EventCallback OnCancel { get; set; }

    [Parameter]
    public EventCallback OnRetry { get; set; }

    [Parameter]
    public EventCallback OnRollback { get; set; }

    [Parameter]
    public EventCallback OnCompare { get; set; }

    [CascadingParameter]
    public ActorLinks? Activity { get; set; }

    /// <summary>What the row shows when it is expanded.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    private string CancelLabel => Task.Status is DeploymentTaskStatus.Pending ? "Cancel task" : "Request cancel";

    private string DetailsId => $"task-{Task.Id}";

    private string DeploymentName => Task.DeploymentName is { Length: > 0 } name ? name : Task.Namespace;

    private string PlaceWords =>
        string.Join(" · ", new[] { Task.KindName, Task.ClusterName, EnvName }.OfType<string>());

    private string WaitedTitle =>
        $"Due {Times.Absolute(Task.ExecuteAt)}, {TimeTitle("started", Task.StartedAt) ?? "never started"}";

    private string? RanTitle => TimeTitle("Finished", Task.FinishedAt);

    /// <summary>All of a task that ever changes while its row is shown; what is expanded follows more.</summary>
    private object Now => (
        (Task.Id, Task.Status, Task.Fence, Task.Phase, Task.CancelRequestedAt, Task.ChartVersion, Task.Reason),
        (Wait, IsCurrent, ShowsDeployment, EnvName, Names, ShowsOverride, Expanded),
        ActorName.Address(Task.Actor, Activity), Times.Zone);

    public void Dispose() => Times.Changed -= Refresh;

    protected override void OnInitialized()
    {
        _shown = Now; // the first render asks nobody
        Times.Changed += Refresh;
    }

    protected override void OnParametersSet() => _label = OperationLabel.Of(Task);

    /// <summary>
    /// Its list renders with every change of any of its tasks. A component that has rendered twice keeps two trees, and
    /// a row is a dozen components.
    /// </summary>
    protected override bool ShouldRender()
    {
        var before = _shown;
        return !Equals(before, _shown = Now) || Expanded;
    }

    private void Refresh() => _ = InvokeAsync(StateHasChanged);

    private string? TimeTitle(string word, DateTimeOffset? time) =>
        time is { } at ? $"{word} {Times.Absolute(at)}" : null;
}

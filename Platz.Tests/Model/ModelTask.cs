using Platz.Core.Tasks;

namespace Platz.Tests.Model;

/// <summary>A task as its rows in <c>deployment_tasks</c> and <c>task_queue</c> tell. Times are ticks of the model.</summary>
internal sealed class ModelTask
{
    /// <summary>In the order in which tasks were queued.</summary>
    public required int Id { get; init; }

    public required int Deployment { get; init; }

    public required long CreatedAt { get; init; }

    public required long ExecuteAt { get; init; }

    public DeploymentTaskStatus Status { get; set; }

    /// <summary>Null once it has ended.</summary>
    public QueueState? State { get; set; }

    public long ReadyAt { get; set; }

    public long Fence { get; set; }

    public int Attempt { get; set; }

    public string? Phase { get; set; }

    /// <summary>Null while nobody has it, and once a runner has let go of it.</summary>
    public int? Owner { get; set; }

    public long LeaseUntil { get; set; }

    public bool CancelRequested { get; set; }

    public TaskEffect? Effect { get; set; }

    /// <summary>How often it came to an end, and by whose fence.</summary>
    public int Ends { get; set; }

    public long EndedBy { get; set; }

    /// <summary>Where it stands in its deployment's line (contract 2.1).</summary>
    public (long ExecuteAt, long CreatedAt, int Id) Place => (ExecuteAt, CreatedAt, Id);

    public bool IsActive => State is QueueState.Ready or QueueState.Started;
}

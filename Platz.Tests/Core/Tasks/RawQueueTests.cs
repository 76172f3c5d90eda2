using Platz.Bench.Queue;

namespace Platz.Tests.Core.Tasks;

/// <summary>pgbench drives the statements of the queue: none may have a parameter that it is not told.</summary>
public sealed class RawQueueTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_parameter_of_the_queue_has_a_value(bool whole)
    {
        var script = RawQueue.Script(new QueueWay("", whole, whole), batch: 64);

        Assert.DoesNotContain("@", script);
        Assert.Contains("FOR UPDATE SKIP LOCKED", script);
        Assert.Equal(whole, script.Contains("INSERT INTO deployment_task_phases", StringComparison.Ordinal));
    }
}

using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Tasks;

namespace Platz.Tests.Support;

/// <summary>Writes logs as a runner does.</summary>
public sealed class LogHand(TaskQueue queue, TaskLogWriter log, DeploymentTask task, CancellationToken cancel)
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 23, 59, 50, TimeSpan.Zero);

    private int _written;

    public DeploymentTask Task => task;

    /// <param name="queue">Has exactly one task to claim.</param>
    public static async Task<LogHand> StartAsync(
        TaskQueue queue, IServiceProvider services, ClaimRequest claims, CancellationToken cancel, TaskLogLimits? limits = null)
    {
        var task = Assert.Single(await queue.ClaimAsync(claims, cancel));
        var log = await services.GetRequiredService<TaskLog>().OpenAsync(
            task.Id, task.Fence, limits ?? new(256 * 1024, 4 * 1024 * 1024), new Redactor([]), cancel);
        return new LogHand(queue, log, task, cancel);
    }

    public Task EnterAsync(string phase) => queue.EnterPhaseAsync(task, phase, null, cancel);

    /// <summary>Each a second later than the one before.</summary>
    public async Task WriteAsync(string phase, params IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            log.AddOutput(line, Start.AddSeconds(_written++), phase);
        }

        Assert.True(await log.FlushAsync(cancel));
    }

    public Task WriteAsync(string phase, int count) => WriteAsync(phase, Enumerable.Range(_written + 1, count)
        .Select(number => string.Create(CultureInfo.InvariantCulture, $"line {number}")));
}

namespace Platz.Sandbox.Kubelet;

/// <summary>How a container ended.</summary>
internal sealed record ContainerExit(int Code, string? Reason = null, string? Message = null)
{
    public const int Killed = 137;
    public const int Terminated = 143;

    public string ReasonOrDefault => Reason ?? (Code == 0 ? "Completed" : "Error");
}

/// <summary>The closed set of things a container can run: helm itself, a script in its place, a simulation.</summary>
internal interface IContainerProcess
{
    /// <summary>
    /// Runs to the end; <paramref name="term"/> stands for SIGTERM, <paramref name="kill"/> for SIGKILL.
    /// </summary>
    Task<ContainerExit> RunAsync(ContainerLog log, CancellationToken term, CancellationToken kill);
}

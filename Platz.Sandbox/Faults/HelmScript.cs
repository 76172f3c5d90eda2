namespace Platz.Sandbox.Faults;

/// <summary>
/// Stands in for one helm run: what it writes, how long it takes, how it ends. The output is text, then base64 bytes,
/// then a pattern repeated to a size (one line or many), then a last text, as far as each is given.
/// </summary>
public sealed record HelmScript
{
    /// <summary>Only for the pod of this name; null for whichever comes next.</summary>
    public string? Pod { get; init; }

    public string? Text { get; init; }

    public string? Base64 { get; init; }

    /// <summary>So many bytes of <see cref="Pattern"/>, repeated.</summary>
    public long Size { get; init; }

    public string Pattern { get; init; } = "sandbox\n";

    /// <summary>What the output ends with.</summary>
    public string? End { get; init; }

    /// <summary>The output is spread over this time.</summary>
    public double Seconds { get; init; }

    public int ExitCode { get; init; }

    /// <summary>SIGTERM changes nothing; only SIGKILL ends it.</summary>
    public bool IgnoresTerm { get; init; }
}

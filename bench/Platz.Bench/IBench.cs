namespace Platz.Bench;

/// <summary>One thing that is measured: a class of its own, and a line in <c>Program.cs</c>.</summary>
internal interface IBench
{
    string Name { get; }

    /// <summary>What it measures, in a few words.</summary>
    string About { get; }

    Task<BenchReport> RunAsync(BenchArguments arguments, CancellationToken cancel);
}

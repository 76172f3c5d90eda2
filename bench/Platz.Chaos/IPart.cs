namespace Platz.Chaos;

/// <summary>One part of the campaign: a class of its own, and a line in <c>Program.cs</c>.</summary>
internal interface IPart
{
    string Name { get; }

    /// <summary>What it does, in a few words.</summary>
    string About { get; }

    /// <param name="folder">Empty, and gone afterwards.</param>
    Task<ChaosReport> RunAsync(ChaosArguments arguments, string folder, CancellationToken cancel);
}

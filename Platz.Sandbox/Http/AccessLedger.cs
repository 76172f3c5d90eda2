using System.Collections.Concurrent;

namespace Platz.Sandbox.Http;

/// <summary>What everybody has done so far, each thing once: what a role of least privilege must hold.</summary>
public sealed class AccessLedger
{
    private readonly ConcurrentDictionary<Access, bool> _seen = new();

    public IReadOnlyCollection<Access> All => [.. _seen.Keys];

    internal void Add(Caller caller, Attributes done) => _seen.TryAdd(
        new Access(
            caller.Name, done.Verb, done.Group,
            done.Subresource.Length == 0 ? done.Resource : $"{done.Resource}/{done.Subresource}", done.Namespace),
        true);
}

/// <param name="Resource">With its subresource: <c>pods/log</c>.</param>
/// <param name="Namespace">Empty for what was done in the whole cluster.</param>
public sealed record Access(string Caller, string Verb, string Group, string Resource, string Namespace);

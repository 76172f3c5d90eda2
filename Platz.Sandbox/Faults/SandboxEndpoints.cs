using System.Text.Json;
using System.Text.Json.Nodes;
using Platz.Sandbox.Http;
using Platz.Sandbox.Ingress;
using Platz.Sandbox.Kubelet;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Faults;

/// <summary>What <c>POST /sandbox/faults</c> may switch on; only what is given changes.</summary>
internal sealed record FaultRequest
{
    /// <summary><c>abort</c> cuts the connections, <c>end</c> ends them cleanly.</summary>
    public string? DropWatches { get; init; }

    public int? ExpireWatches { get; init; }

    public bool DropLogs { get; init; }

    public long? CutNextLog { get; init; }

    /// <summary>In seconds.</summary>
    public double? RefuseConnections { get; init; }

    public IReadOnlyList<CallFault> Calls { get; init; } = [];

    public HelmScript? NextHelmRun { get; init; }

    public bool? NodeLost { get; init; }

    public bool? Unschedulable { get; init; }

    /// <summary>A namespace that gets an object no deletion can remove.</summary>
    public string? StickFinalizer { get; init; }

    /// <summary>The namespace whose object may go again.</summary>
    public string? ReleaseFinalizer { get; init; }

    public IngressCertificate? IngressCertificate { get; init; }

    public bool? IngressDown { get; init; }

    public IReadOnlyList<IngressFault> IngressAnswers { get; init; } = [];
}

/// <summary>
/// The sandbox's own paths, for its admin alone: fault switches, the ledger of helm runs, what concerns the ingress.
/// </summary>
internal sealed class SandboxEndpoints(
    FaultSwitches faults, HelmLedger ledger, ObjectStore store, ObjectWriter writer, IngressEndpoints ingress)
{
    public const string StuckName = "sandbox-stuck";
    public const string StuckFinalizer = "sandbox.platz.io/stuck";

    public async Task AnswerAsync(HttpContext context, Caller caller)
    {
        if (!caller.IsAdmin)
        {
            throw new ApiException(403, "Forbidden", $"forbidden: User \"{caller.Name}\" cannot "
                + $"{context.Request.Method.ToLowerInvariant()} path \"{context.Request.Path}\"", []);
        }

        switch (context.Request.Method, context.Request.Path.Value)
        {
            case ("GET", "/sandbox/ledger"):
                await context.AnswerAsync(200, JsonSerializer.SerializeToNode(ledger.Runs, JsonExtensions.Compact)!);
                break;
            case ("GET", "/sandbox/ingress"):
                await context.AnswerAsync(200, ingress.Address());
                break;
            case ("GET", "/sandbox/ingress/calls"):
                await context.AnswerAsync(200, ingress.Calls(context.Request.Query));
                break;
            case ("POST", "/sandbox/faults"):
                Apply(await ReadAsync(context));
                await context.AnswerAsync(200, new JsonObject { ["applied"] = true });
                break;
            case ("DELETE", "/sandbox/faults"):
                faults.Reset();
                await context.AnswerAsync(200, new JsonObject { ["applied"] = true });
                break;
            default:
                await context.AnswerTextAsync(404, "404 page not found\n");
                break;
        }
    }

    public void Stick(string ns) => writer.Create(ResourceTypes.ConfigMaps, ns, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = StuckName, ["finalizers"] = new JsonArray(StuckFinalizer) },
    });

    public void Release(string ns)
    {
        if (store.Find(ResourceTypes.ConfigMaps, ns, StuckName) is { } stuck)
        {
            writer.Set(stuck, json => json.Metadata.Remove("finalizers"));
        }
    }

    private void Apply(FaultRequest wanted)
    {
        foreach (var call in wanted.Calls)
        {
            faults.Add(call);
        }

        ApplyToIngress(wanted);
        Do(wanted.NextHelmRun, faults.Add);
        Do(wanted.DropWatches, how => faults.DropWatches(cleanly: how == "end"));
        Do(wanted.StickFinalizer, Stick);
        Do(wanted.ReleaseFinalizer, Release);
        faults.ExpireNextWatches(wanted.ExpireWatches ?? 0);
        faults.Unschedulable = wanted.Unschedulable ?? faults.Unschedulable;
        if (wanted.DropLogs)
        {
            faults.DropLogs();
        }

        if (wanted.CutNextLog is { } bytes)
        {
            faults.CutNextLog(bytes);
        }

        if (wanted.NodeLost is { } lost)
        {
            faults.SetNodeLost(lost);
        }

        if (wanted.RefuseConnections is { } seconds)
        {
            faults.RefuseConnections(TimeSpan.FromSeconds(seconds));
        }
    }

    private void ApplyToIngress(FaultRequest wanted)
    {
        foreach (var answer in wanted.IngressAnswers)
        {
            faults.Ingress.Add(answer);
        }

        faults.Ingress.Certificate = wanted.IngressCertificate ?? faults.Ingress.Certificate;
        faults.Ingress.IsDown = wanted.IngressDown ?? faults.Ingress.IsDown;
    }

    private static void Do<T>(T? wanted, Action<T> action)
        where T : class
    {
        if (wanted is not null)
        {
            action(wanted);
        }
    }

    private static async Task<FaultRequest> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<FaultRequest>(
                context.Request.Body, JsonExtensions.Compact, context.RequestAborted) ?? new FaultRequest();
        }
        catch (JsonException refused)
        {
            throw ApiException.BadRequest(refused.Message);
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Ingress;

/// <summary>What the sandbox tells its admin about its ingress.</summary>
internal sealed class IngressEndpoints(IngressServer server, Certificates certificates, IngressLedger ledger)
{
    public JsonObject Address() => new() { ["address"] = server.Address, ["ca"] = certificates.AuthorityPem };

    /// <summary>All requests, or those of one host (<c>?host=</c>).</summary>
    public JsonNode Calls(IQueryCollection query) => JsonSerializer.SerializeToNode(
        ledger.Calls.Where(call => query["host"] is not [{ Length: > 0 } host] || call.Host == host),
        JsonExtensions.Compact)!;
}

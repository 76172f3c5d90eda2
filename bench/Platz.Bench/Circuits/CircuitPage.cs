using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Platz.Bench.Circuits;

/// <summary>What a page says about the circuit that is to bring it to life.</summary>
/// <param name="Operations">Adds the components that the page marks, as the hub wants it said.</param>
/// <param name="State">What the server wants back with them.</param>
internal sealed partial record CircuitPage(Uri Address, string Operations, string State)
{
    public static async Task<CircuitPage> GetAsync(HttpClient web, Uri address, CancellationToken cancel)
    {
        using var response = await web.GetAsync(address, cancel);
        response.EnsureSuccessStatusCode();
        var html = await response.Content.ReadAsStringAsync(cancel);
        var operations = new JsonArray();
        foreach (Match marker in Marker().Matches(html))
        {
            operations.Add(new JsonObject
            {
                ["type"] = "add",
                ["ssrComponentId"] = operations.Count + 1,
                ["marker"] = JsonNode.Parse(marker.Groups[1].Value),
            });
        }

        if (operations.Count == 0)
        {
            throw new InvalidDataException($"{address} has no live components; is the cookie good?");
        }

        return new CircuitPage(
            address, new JsonObject { ["batchId"] = 1, ["operations"] = operations }.ToJsonString(),
            State: SavedState().Match(html).Groups[1].Value);
    }

    [GeneratedRegex("<!--Blazor:({\"type\":\"server\".*?})-->")]
    private static partial Regex Marker();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex SavedState();
}

using System.Text.Json;
using Platz.Core.Catalog;
using Platz.Core.Deployments;

namespace Platz.Web.Deployments;

/// <summary>The way to the logs of a namespace: Grafana's Explore, with the query and the time range filled in.</summary>
public static class GrafanaLink
{
    /// <param name="from">As Grafana writes it: <c>now-1h</c>, or milliseconds since 1970.</param>
    /// <returns>Null where the cluster names no Grafana that a browser could open.</returns>
    public static string? Explore(GrafanaPlace? grafana, string @namespace, string from = "now-1h", string to = "now")
    {
        if (WebAddress.Parse(grafana?.Url) is not { } url)
        {
            return null;
        }

        var panes = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["platz"] = new Dictionary<string, object>
            {
                ["datasource"] = grafana!.Datasource ?? "",
                ["queries"] = new[]
                {
                    new Dictionary<string, string>
                    {
                        ["refId"] = "A",
                        ["expr"] = $"{{namespace={JsonSerializer.Serialize(@namespace)}}}",
                    },
                },
                ["range"] = new Dictionary<string, string> { ["from"] = from, ["to"] = to },
            },
        });
        var root = url.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return $"{root}/explore?schemaVersion=1&panes={Uri.EscapeDataString(panes)}";
    }
}

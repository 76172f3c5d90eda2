using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Platz.Tests.Journeys.Planted;

/// <summary>
/// Secrets that are like no other text, and the search for them in every spelling: plain (which URL and JSON escapes
/// leave as it is), hexadecimal, and base64 at each of its three places.
/// </summary>
internal sealed class Canaries
{
    private const int CoreBytes = 10;
    private const int LongestCore = 40;

    private readonly List<(string Name, string Needle)> _needles = [];

    /// <summary>A new secret: letters and digits that are searched for, within whatever the shape puts around them.</summary>
    public string Plant(string name, string shape)
    {
        var core = $"zq{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(CoreBytes))}";
        Watch(name, core);
        return shape.Replace("CORE", core, StringComparison.Ordinal);
    }

    /// <summary>Searches for this one too; of a long one for its end, which in a token is what makes it one.</summary>
    public void Watch(string name, string secret)
    {
        var core = secret.Length > LongestCore ? secret[^LongestCore..] : secret;
        foreach (var (spelling, needle) in Spellings(core))
        {
            if (!_needles.Contains(($"{name}, {spelling}", needle)))
            {
                _needles.Add(($"{name}, {spelling}", needle));
            }
        }
    }

    /// <summary>Every token of a JSON web token's form that stands in what Kubernetes keeps of a Secret.</summary>
    public void WatchData(string name, JsonNode? secret)
    {
        foreach (var (key, value) in secret?["data"]?.AsObject() ?? [])
        {
            if (key == "access_token")
            {
                Watch(name, Encoding.UTF8.GetString(Convert.FromBase64String((string)value!)));
            }
        }
    }

    /// <summary>What of them stands in a text, and where.</summary>
    public List<string> FindIn(string place, string text) =>
    [
        .. from needle in _needles
           let at = text.IndexOf(needle.Needle, StringComparison.Ordinal)
           where at >= 0
           let start = Math.Max(0, at - 80)
           select $"{needle.Name} in {place}: …{text[start..Math.Min(text.Length, at + needle.Needle.Length + 40)]}",
    ];

    public List<string> FindIn(string place, byte[] bytes) => FindIn(place, Encoding.Latin1.GetString(bytes));

    private static IEnumerable<(string Name, string Needle)> Spellings(string core)
    {
        var bytes = Encoding.UTF8.GetBytes(core);
        yield return ("plain", core);
        yield return ("in capitals", core.ToUpperInvariant());
        yield return ("hex", Convert.ToHexStringLower(bytes));
        yield return ("HEX", Convert.ToHexString(bytes));
        for (var before = 0; before < 3; before++)
        {
            // Three bytes are four characters: those that also hold bits of a neighbour are left out.
            var encoded = Convert.ToBase64String([.. new byte[before], .. bytes, 0, 0]);
            yield return ($"base64 at {before}", encoded[4..((before + bytes.Length) / 3 * 4)]);
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Platz.Web.Drafts;

namespace Platz.Web.Deployments;

/// <summary>What of a draft is kept outside of the server: all but secrets.</summary>
public sealed partial class DeploymentDraft
{
    private bool _isSent;
    private string? _sent;
    private string? _sentDigest;

    /// <summary>Of all but secrets: of those not even a digest leaves the server.</summary>
    private string KeptDigest =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content(Config.ToKept()))));
    private int? _keptVersion;

    /// <summary>What an edit was made from, be it before the page was loaded again.</summary>
    public int? SeenVersion => _keptVersion ?? Base?.Version;

    /// <summary>The deployment was edited between typing and restoring: a save must not go over that unseen.</summary>
    public bool IsOfOlderVersion => SeenVersion != Base?.Version;

    /// <summary>
    /// Once it may have arrived, it is the same save for ever, even after a restart; but only as long as it says the same:
    /// else the answer to the first would be taken for one to what has been typed since.
    /// </summary>
    public void MarkSent()
    {
        var now = Content(Config.Value);
        if (_isSent && _sent != now)
        {
            (_key, _newId) = (Guid.NewGuid().ToString(), Guid.CreateVersion7());
        }

        (_isSent, _sent, _sentDigest) = (true, now, KeptDigest);
    }

    /// <returns>Null while nothing is typed.</returns>
    public JsonObject? ToKept() => !IsTouched && !_isSent ? null : new JsonObject
    {
        ["key"] = _isSent ? _key : null,
        ["id"] = _isSent ? _newId.ToString() : null,
        ["sent"] = _sentDigest,
        ["version"] = SeenVersion,
        ["name"] = _typedName,
        ["cluster"] = ClusterId?.ToString(),
        ["chart"] = Chart?.Id.ToString(),
        ["description"] = Description,
        ["config"] = Config.ToKept(),
        ["override"] = MayOverride ? Override.Text : null,
    };

    /// <summary>Which chart version was chosen, to be chosen again first: the form follows from it.</summary>
    public static Guid? ChartOf(JsonObject kept) => Kept.Id(kept["chart"]);

    public void Restore(JsonObject kept)
    {
        if (Kept.Id(kept["id"]) is { } id && Kept.Text(kept["key"]) is { } key)
        {
            (_newId, _key, _isSent, _sentDigest) = (id, key, true, Kept.Text(kept["sent"]));
        }

        _keptVersion = Kept.Number(kept["version"]);
        SetName(Kept.Text(kept["name"]) ?? _typedName);
        SetCluster(Kept.Id(kept["cluster"]) ?? ClusterId);
        SetDescription(Kept.Text(kept["description"]) ?? Description);
        Config.Restore(kept["config"]);
        if (MayOverride && Kept.Text(kept["override"]) is { } text)
        {
            Override.Show(text);
        }

        _sent = _sentDigest == KeptDigest ? Content(Config.Value) : null;
    }

    /// <summary>All that a save sends.</summary>
    private string Content(JsonNode? config) => new JsonObject
    {
        ["name"] = Name,
        ["cluster"] = ClusterId?.ToString(),
        ["chart"] = Chart?.Id.ToString(),
        ["description"] = Description,
        ["config"] = config?.DeepClone(),
        ["override"] = MayOverride ? Override.Text : null,
    }.ToJsonString();
}

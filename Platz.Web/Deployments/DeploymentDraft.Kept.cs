using System.Text.Json.Nodes;
using Platz.Web.Drafts;

namespace Platz.Web.Deployments;

/// <summary>What of a draft is kept outside of the server: all but secrets.</summary>
public sealed partial class DeploymentDraft
{
    private bool _isSent;
    private int? _keptVersion;

    /// <summary>What an edit was made from, be it before the page was loaded again.</summary>
    public int? SeenVersion => _keptVersion ?? Base?.Version;

    /// <summary>The deployment was edited between typing and restoring: a save must not go over that unseen.</summary>
    public bool IsOfOlderVersion => SeenVersion != Base?.Version;

    /// <summary>Once it may have arrived, it is the same save for ever, even after a restart.</summary>
    public void MarkSent() => _isSent = true;

    /// <returns>Null while nothing is typed.</returns>
    public JsonObject? ToKept() => !IsTouched && !_isSent ? null : new JsonObject
    {
        ["key"] = _isSent ? _key : null,
        ["id"] = _isSent ? _newId.ToString() : null,
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
            (_newId, _key, _isSent) = (id, key, true);
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
    }
}

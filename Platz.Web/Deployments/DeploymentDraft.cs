using Platz.Core.Charts;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Values;

namespace Platz.Web.Deployments;

/// <summary>
/// What is being typed into the form of one deployment, from the moment it opens; nothing of it is lost when a save is
/// refused. Its key and id are made once: however often it is sent, it makes one task.
/// </summary>
public sealed partial class DeploymentDraft
{
    private readonly Dictionary<string, string> _errors = [];
    private string _key = Guid.NewGuid().ToString();
    private Guid _newId = Guid.CreateVersion7();
    private readonly Guid _kindId;
    private readonly string _kindName;
    private string _typedName;

    public DeploymentDraft(Guid kindId, string kindName, Deployment? existing)
    {
        (_kindId, _kindName, Base) = (kindId, kindName, existing);
        _typedName = existing?.Name ?? "";
        ClusterId = existing?.ClusterId;
        Description = existing?.DescriptionMd ?? "";
        Config = new ConfigDraft(existing?.Config);
        Override = new YamlField(existing?.ValuesOverride ?? [], existing?.ValuesOverrideYaml);
    }

    /// <summary>What the edit was made from; null for a new deployment.</summary>
    public Deployment? Base { get; private set; }

    public bool IsNew => Base is null;

    public ChartChoice? Chart { get; private set; }

    /// <summary>Of <see cref="Chart"/>; null until one is chosen.</summary>
    public ChartSchema? Schema { get; private set; }

    public Cardinality Cardinality => Schema?.Features.Cardinality ?? Cardinality.Many;

    /// <summary>Empty where a cluster has only one of the kind, whatever was typed.</summary>
    public string Name => Cardinality is Cardinality.OnePerCluster ? "" : _typedName;

    public Guid? ClusterId { get; private set; }

    public string Description { get; private set; }

    public ConfigDraft Config { get; }

    public YamlField Override { get; }

    /// <summary>Whether the override is shown, and sent.</summary>
    public bool MayOverride { get; init; }

    /// <summary>What stands against the draft as a whole.</summary>
    public string? Problem { get; set; }

    public bool IsTouched => Config.IsTouched || Override.IsTouched || IsElsewhere || (IsNew && Name.Length > 0)
        || Description != (Base?.DescriptionMd ?? "") || (Base is { } b && Chart is { } c && c.Id != b.HelmChartId);

    /// <summary>Whether saving uninstalls it where it is and installs it at another place.</summary>
    public bool IsMove => IsElsewhere && Base is { Enabled: true };

    /// <summary>The user knows what a move does to the data, and wants it.</summary>
    public bool IsMoveConfirmed { get; private set; }

    /// <summary>The namespace that the name gives, as it is typed; null while the name is no good.</summary>
    public string? Namespace => (Base, NameError) switch
    {
        ({ } b, _) when b.Name == Name => b.Namespace,
        (_, null) => Location.Name(_kindName, Name),
        _ => null,
    };

    private bool IsElsewhere => Base is { } b && (Name != b.Name || ClusterId != b.ClusterId);

    private string? NameError => Location.NameError(_kindName, Name, Cardinality);

    public string? Error(string field) => _errors.GetValueOrDefault(field);

    public void SetName(string name)
    {
        _typedName = name.Trim();
        IsMoveConfirmed = false;
        Set("name", Name.Length == 0 ? null : NameError);
    }

    public void SetCluster(Guid? id)
    {
        ClusterId = id;
        IsMoveConfirmed = false;
        Set("cluster_id", null);
    }

    /// <param name="schema">What the chart says about itself: its form takes the place of the last one.</param>
    public void SetChart(ChartChoice? chart, ChartSchema? schema)
    {
        if (schema is not null && (Schema is null || chart?.Id != Chart?.Id))
        {
            Schema = schema;
            Config.Use(schema.ValuesUi);
            Set("name", null);
        }

        Chart = chart;
        Set("helm_chart_id", null);
    }

    public void SetDescription(string text) => Description = text;

    public void ConfirmMove(bool confirmed)
    {
        IsMoveConfirmed = confirmed;
        Set("move", null);
    }

    /// <summary>Whether it can be sent; says at each field what is missing.</summary>
    public bool Check()
    {
        Problem = null;
        Set("name", NameError);
        Set("cluster_id", ClusterId is null ? "Choose a cluster." : null);
        Set("move", IsMove && !IsMoveConfirmed ? "Confirm the move, or put back name and cluster." : null);
        Set("helm_chart_id", Chart switch
        {
            null => "Choose a chart version.",
            { Obstacle: { } obstacle } when Chart.Id != Base?.HelmChartId => obstacle,
            _ => null,
        });
        var configFits = Config.Check();
        return configFits && _errors.Count == 0 && (!MayOverride || Override.Error is null);
    }

    public NewDeployment ToNew() => new()
    {
        Id = _newId,
        IdempotencyKey = new(_key),
        KindId = _kindId,
        Name = Name,
        ClusterId = ClusterId!.Value,
        HelmChartId = Chart!.Id,
        Config = Config.Value!,
        ValuesOverride = MayOverride ? Override.Value! : [],
        ValuesOverrideYaml = MayOverride && Override.Text.Length > 0 ? Override.Text : null,
        DescriptionMd = Description.Length == 0 ? null : Description,
    };

    /// <summary>Only what differs; a save without any difference deploys again (contract 2.4).</summary>
    public DeploymentEdit ToEdit()
    {
        var isSameChart = Chart!.Id == Base!.HelmChartId;
        var overrides = MayOverride && Override.DiffersFrom(Base.ValuesOverride, Base.ValuesOverrideYaml);
        var edit = new DeploymentEdit
        {
            Name = Name == Base.Name ? null : Name,
            ClusterId = ClusterId == Base.ClusterId ? null : ClusterId,
            HelmChartId = isSameChart ? null : Chart.Id,
            Config = Config.ChangeFrom(Base.Config, whole: !isSameChart),
            ValuesOverride = overrides ? Override.Value : null,
            ValuesOverrideYaml = overrides && Override.Text.Length > 0 ? Override.Text : null,
            DescriptionMd = Description == (Base.DescriptionMd ?? "") ? null : Description,
            Version = SeenVersion,
            IdempotencyKey = new(_key),
        };
        return edit.ChangesNothing ? edit with { Config = SealedJson.MaskInputs(Base.Config) } : edit;
    }

    /// <summary>What the chart would be given; null while it is not known which chart, where, or what is typed.</summary>
    public FinalValuesRequest? ToPreview(Guid envId) =>
        (ClusterId, Chart, Config.Value, Override.Value) is ({ } cluster, { Id: var chart }, { } inputs, { } overrides)
            ? new FinalValuesRequest(
                envId, cluster, chart, Base?.Id ?? _newId, Name, Namespace ?? Location.Name(_kindName, Name), _kindName,
                inputs, MayOverride ? overrides : [])
            : null;

    /// <summary>The user has seen what somebody else changed, and means to save over it.</summary>
    public void AcceptAsBase(Deployment now) => (Base, _keptVersion) = (now, null);

    public void Take(SaveResult refusal)
    {
        switch (refusal)
        {
            case SaveResult.Invalid invalid:
                foreach (var error in Config.Refuse(invalid.Errors))
                {
                    Refuse(error.Field, error.Message);
                }

                break;
            case SaveResult.Conflict { Field: { } field } conflict:
                Refuse(field, conflict.Message);
                break;
            case SaveResult.Conflict conflict:
                Problem = conflict.Message;
                break;
            case SaveResult.Forbidden forbidden:
                Problem = forbidden.Message;
                break;
            case SaveResult.NotFound:
                Problem = "This deployment is gone: somebody has deleted it meanwhile.";
                break;
        }
    }

    private void Refuse(string field, string message)
    {
        switch (field)
        {
            case "values_override" when MayOverride:
                Override.Refusal = message;
                break;
            case "name" when Cardinality is Cardinality.Many:
            case "cluster_id" or "helm_chart_id":
                Set(field, message);
                break;
            default:
                Problem = message;
                break;
        }
    }

    private void Set(string field, string? error)
    {
        if (error is null)
        {
            _errors.Remove(field);
        }
        else
        {
            _errors[field] = error;
        }
    }
}

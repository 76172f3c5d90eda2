using System.Text.Json.Nodes;
using Platz.Core.Charts;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Values;
using Platz.Web.Inputs;

namespace Platz.Web.Deployments;

/// <summary>
/// What is being typed into the form of one deployment, from the moment it opens; nothing of it is lost when a save is
/// refused. Its key and id are made once: however often it is sent, it makes one task.
/// </summary>
public sealed class DeploymentDraft
{
    private readonly Dictionary<string, string> _errors = [];
    private readonly string _key = Guid.NewGuid().ToString();
    private readonly Guid _newId = Guid.CreateVersion7();
    private readonly Guid _kindId;
    private readonly string _kindName;
    private bool _hasForm;

    public DeploymentDraft(Guid kindId, string kindName, Deployment? existing)
    {
        (_kindId, _kindName, Base) = (kindId, kindName, existing);
        Name = existing?.Name ?? "";
        ClusterId = existing?.ClusterId;
        Description = existing?.DescriptionMd ?? "";
        Config = new YamlField(SealedJson.MaskInputs(existing?.Config ?? []));
        Override = new YamlField(existing?.ValuesOverride ?? [], existing?.ValuesOverrideYaml);
    }

    /// <summary>What the edit was made from; null for a new deployment.</summary>
    public Deployment? Base { get; private set; }

    public bool IsNew => Base is null;

    public string Name { get; private set; }

    public Guid? ClusterId { get; private set; }

    public ChartChoice? Chart { get; private set; }

    public string Description { get; private set; }

    /// <summary>The config as YAML, for a chart that describes no form.</summary>
    public YamlField Config { get; }

    /// <summary>The config as the chart's form; null for a chart that describes none.</summary>
    public InputDraft? Inputs { get => _hasForm ? field : null; private set; }

    public Cardinality Cardinality { get; private set; }

    /// <summary>Whether the user may see and change the override; who may not sends none.</summary>
    public bool MayOverride { get; init; } = true;

    /// <summary>The user has read what a move does to the namespace that is left.</summary>
    public bool MoveAgreed { get; set; }

    /// <summary>The release leaves its place: it is uninstalled there and installed anew (Recreate).</summary>
    public bool Moves => Base is { Enabled: true } b && (Name != b.Name || ClusterId != b.ClusterId);

    public YamlField Override { get; }

    /// <summary>What stands against the draft as a whole.</summary>
    public string? Problem { get; set; }

    public bool IsTouched => (Inputs?.IsTouched ?? Config.IsTouched) || ClusterId != (Base?.ClusterId ?? ClusterId) || Override.IsTouched || Name != (Base?.Name ?? "")
        || Description != (Base?.DescriptionMd ?? "") || (Base is { } b && Chart is { } c && c.Id != b.HelmChartId);

    /// <summary>The namespace that the name gives, as it is typed; null while the name is no good.</summary>
    public string? Namespace => Name == Base?.Name
        ? Base.Namespace
        : Location.NameError(_kindName, Name, Cardinality) is null ? Location.Name(_kindName, Name) : null;

    public string? Error(string field) => _errors.GetValueOrDefault(field);

    public void SetName(string name)
    {
        Name = name.Trim();
        Set("name", Name.Length == 0 ? null : Location.NameError(_kindName, Name, Cardinality));
    }

    public void SetCluster(Guid? id)
    {
        ClusterId = id;
        Set("cluster_id", null);
    }

    public void SetChart(ChartChoice? chart)
    {
        Chart = chart;
        Set("helm_chart_id", null);
    }

    /// <summary>What the chosen version asks for: the same ids keep what was typed.</summary>
    public void SetSchema(ChartSchema schema)
    {
        (_hasForm, Cardinality) = (schema.ValuesUi is not null, schema.Features.Cardinality);
        if (schema.ValuesUi is not { } form)
        {
            return;
        }

        if (Inputs is { } typed)
        {
            typed.SwitchTo(form);
        }
        else
        {
            Inputs = Base is null ? InputDraft.New(form) : InputDraft.Of(form, Base.Config);
        }
    }

    public void SetDescription(string text) => Description = text;

    /// <summary>Whether it can be sent; says at each field what is missing.</summary>
    public bool Check()
    {
        Problem = null;
        if (Name != Base?.Name)
        {
            Set("name", Location.NameError(_kindName, Name, Cardinality));
        }

        Set("cluster_id", ClusterId is null ? "Choose a cluster." : null);
        Set("move", Moves && !MoveAgreed ? "Tick this to move it." : null);

        Set("helm_chart_id", Chart switch
        {
            null => "Choose a chart version.",
            { Obstacle: { } obstacle } when Chart.Id != Base?.HelmChartId => obstacle,
            _ => null,
        });
        var fits = Inputs?.Check() ?? Config.Error is null;
        return _errors.Count == 0 && fits && Override.Error is null;
    }

    public NewDeployment ToNew() => new()
    {
        Id = _newId,
        IdempotencyKey = _key,
        KindId = _kindId,
        Name = Name,
        ClusterId = ClusterId!.Value,
        HelmChartId = Chart!.Id,
        Config = Typed,
        ValuesOverride = MayOverride ? Override.Value! : [],
        ValuesOverrideYaml = MayOverride ? Override.Text : null,
        DescriptionMd = Description.Length == 0 ? null : Description,
    };

    /// <summary>Only what differs; a save without any difference deploys again (contract 2.4).</summary>
    public DeploymentEdit ToEdit()
    {
        var edit = new DeploymentEdit
        {
            Name = Name == Base!.Name ? null : Name,
            ClusterId = ClusterId == Base.ClusterId ? null : ClusterId,
            HelmChartId = Chart!.Id == Base.HelmChartId ? null : Chart.Id,
            Config = Changed(SealedJson.MaskInputs(Base.Config), Typed),
            ValuesOverride = MayOverride && Override.IsTouched ? Override.Value! : null,
            ValuesOverrideYaml = MayOverride && Override.IsTouched ? Override.Text : null,
            DescriptionMd = Description == (Base.DescriptionMd ?? "") ? null : Description,
            Version = Base.Version,
            IdempotencyKey = _key,
        };
        return edit.ChangesNothing ? edit with { Config = Typed } : edit;
    }

    /// <summary>The user has seen what somebody else changed, and means to save over it.</summary>
    public void AcceptAsBase(Deployment now) => Base = now;

    public void Take(SaveResult refusal)
    {
        switch (refusal)
        {
            case SaveResult.Invalid invalid:
                foreach (var error in Inputs?.Refuse(invalid.Errors) ?? invalid.Errors)
                {
                    Refuse(error.Field, error.Message);
                }

                break;
            case SaveResult.Forbidden forbidden:
                Problem = forbidden.Message;
                break;
            case SaveResult.Conflict { Field: { } field } conflict:
                Refuse(field, conflict.Message);
                break;
            case SaveResult.Conflict conflict:
                Problem = conflict.Message;
                break;
            case SaveResult.NotFound:
                Problem = "This deployment is gone: somebody has deleted it meanwhile.";
                break;
        }
    }

    private JsonObject Typed => Inputs?.ToInputs() ?? Config.Value!;

    private void Refuse(string field, string message)
    {
        switch (field)
        {
            case "config":
                Config.Refusal = message;
                break;
            case "values_override":
                Override.Refusal = message;
                break;
            case "name" or "cluster_id" or "helm_chart_id":
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

    private static JsonObject? Changed(JsonObject before, JsonObject after) =>
        JsonNode.DeepEquals(before, after) ? null : after;
}

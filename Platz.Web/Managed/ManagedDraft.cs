using System.Text.Json.Nodes;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Resources;
using Platz.Web.Drafts;
using Platz.Web.Inputs;

namespace Platz.Web.Managed;

/// <summary>What is being typed of a resource; forgotten with the dialog.</summary>
public sealed class ManagedDraft
{
    private string _startName = "";

    private ManagedDraft(IReadOnlyList<ResourceHost> hosts) => Hosts = hosts;

    /// <summary>Who can be asked to make it; empty for one that is there.</summary>
    public IReadOnlyList<ResourceHost> Hosts { get; }

    public ResourceHost? Host { get; private set; }

    public string Name { get; set; } = "";

    /// <summary>Null until it is known who makes it.</summary>
    public InputDraft? Inputs { get; private set; }

    public bool IsNew { get; private init; }

    public static ManagedDraft New(IReadOnlyList<ResourceHost> hosts)
    {
        var draft = new ManagedDraft(hosts) { IsNew = true };
        if (hosts is [var only])
        {
            draft.Choose(only.Deployment.Id);
        }

        return draft;
    }

    public static ManagedDraft Of(DeploymentResource row, ValuesUi form) =>
        new([]) { Name = row.Name, _startName = row.Name, Inputs = InputDraft.Of(form, row.Props) };

    /// <summary>What was typed stays where the other's form has the same inputs.</summary>
    public void Choose(Guid? deploymentId)
    {
        Host = Hosts.FirstOrDefault(host => host.Deployment.Id == deploymentId);
        if (Host is not { Form: var form })
        {
            return;
        }

        if (Inputs is { } typed)
        {
            typed.SwitchTo(form);
        }
        else
        {
            Inputs = InputDraft.New(form);
        }
    }

    /// <summary>What is typed, without secrets; null while nothing is.</summary>
    public JsonObject? ToKept() => Name == _startName && Inputs is null or { IsTouched: false } ? null : new JsonObject
    {
        ["host"] = Host?.Deployment.Id.ToString(),
        ["name"] = Name,
        ["inputs"] = Inputs?.ToKept(),
    };

    public void Restore(JsonObject kept)
    {
        if (Kept.Id(kept["host"]) is { } host)
        {
            Choose(host);
        }

        Name = Kept.Text(kept["name"]) ?? Name;
        if (kept["inputs"] is JsonObject values)
        {
            Inputs?.Restore(values);
        }
    }

    /// <summary>Shows refusals at their fields.</summary>
    /// <returns>The errors of other fields.</returns>
    public IReadOnlyList<FieldError> Refuse(IReadOnlyList<FieldError> errors) => Inputs?.Refuse(errors.Select(OfForm)) ?? errors;

    /// <summary>A form names its fields as those of a config.</summary>
    private static FieldError OfForm(FieldError error) =>
        error.Field.StartsWith("props.", StringComparison.Ordinal)
            ? error with { Field = $"config.{error.Field["props.".Length..]}" }
            : error;
}

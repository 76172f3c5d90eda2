using Microsoft.AspNetCore.Components;
using Platz.Core.Charts.Extensions;
using Platz.Core.Values;

namespace Platz.Web.Inputs;

/// <summary>
/// The form that a chart describes, for a deployment's config, an action or a resource. It changes the draft; whoever
/// shows it asks <see cref="InputDraft.Check"/> before saving, and gives refusals to <see cref="InputDraft.Refuse"/>.
/// </summary>
public sealed partial class InputForm(Collections collections)
{
    private readonly Dictionary<string, IReadOnlyList<CollectionItem>> _choices = [];
    private ValuesUi? _read;

    [Parameter, EditorRequired]
    public required InputDraft Draft { get; set; }

    /// <summary>Whose deployments, secrets and resources are offered.</summary>
    [Parameter, EditorRequired]
    public required Guid EnvId { get; set; }

    /// <summary>Whose config this is; null for any other form.</summary>
    [Parameter]
    public Guid? DeploymentId { get; set; }

    [Parameter]
    public string Label { get; set; } = "Config";

    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>Sets the ids of this form apart from those of any other on the page.</summary>
    [Parameter]
    public string IdPrefix { get; set; } = $"in{Guid.NewGuid():N}"[..10];

    /// <summary>Something was typed: the draft has it already.</summary>
    [Parameter]
    public EventCallback OnTyped { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (ReferenceEquals(_read, Draft.Ui))
        {
            return;
        }

        _read = Draft.Ui;
        _choices.Clear();
        foreach (var input in Draft.Ui.Inputs.Where(input => input.Type is InputType.CollectionSelect))
        {
            var items = await collections.ChoicesAsync(
                EnvId, DeploymentId, input, Draft.Values[input.Id], CancellationToken.None);
            if (!ReferenceEquals(_read, Draft.Ui))
            {
                return; // another version was chosen meanwhile
            }

            _choices[input.Id] = items;
        }
    }

    private Task TypedAsync() => OnTyped.InvokeAsync(); // and render: another input may be shown now
}

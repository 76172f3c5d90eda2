using Platz.Core.Resources;

namespace Platz.Web.Theme;

/// <summary>How the condition of an object looks as a dot: a shape of its own, a colour and a word.</summary>
public static class DotLook
{
    public static string Class(ResourceCondition condition) => condition switch
    {
        ResourceCondition.Good => "dot-good",
        ResourceCondition.Bad => "dot-bad",
        ResourceCondition.Ending => "dot-ending",
        _ => "dot-starting",
    };

    /// <summary>The cluster's own word where it says more.</summary>
    public static string Word(ResourceDot dot) => dot switch
    {
        { Condition: ResourceCondition.Good } => "ready",
        { Condition: ResourceCondition.Ending } => "being removed",
        { State: { Length: > 0 } state } => state,
        { Condition: ResourceCondition.Bad } => "not ready",
        _ => "starting",
    };
}

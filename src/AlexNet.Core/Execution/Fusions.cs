namespace AlexNetTF.Execution;

/// <summary>Third stage: the rewrites that put one kernel in the place of several. Few, named, each in a file of its own.</summary>
internal static class Fusions
{
    /// <summary>Applies all fusions in their order.</summary>
    public static PlanGraph Apply(PlanGraph graph) => graph;
}

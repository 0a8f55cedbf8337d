namespace AlexNetTF.Execution;

/// <summary>
/// Replaces control dependencies on operations without an effect by dependencies on the operations with one that stand
/// behind them. A plan runs in the order of creation, so waiting for a pure operation orders nothing; gradients of
/// optimizers are full of such gates (<c>tuple/group_deps</c>), and other fusions would stop at each.
/// </summary>
internal static class ControlGates
{
    public static void Apply(PlanGraph graph)
    {
        var behind = new Dictionary<PlanNode, HashSet<PlanNode>>();
        foreach (PlanNode node in graph.Nodes)
        {
            var byData = new HashSet<PlanNode>();
            foreach (PlanValue input in node.Inputs)
            {
                if (input.Producer is { } producer) Collect(producer, behind, byData);
            }

            var byControl = new HashSet<PlanNode>();
            foreach (PlanNode control in node.Controls) Collect(control, behind, byControl);
            byControl.ExceptWith(byData);
            node.Controls.Clear();
            node.Controls.AddRange(byControl.OrderBy(control => control.Order));
            behind.Add(node, [.. byData, .. byControl]);
        }

        graph.Sweep();
    }

    /// <summary>Whether a run can tell that the operation was executed, other than by its outputs.</summary>
    private static bool HasEffect(PlanNode node) => node.Def.IsStateful || node.Def.WrittenInputs.Count > 0;

    private static void Collect(PlanNode node, Dictionary<PlanNode, HashSet<PlanNode>> behind, HashSet<PlanNode> found)
    {
        if (HasEffect(node)) found.Add(node);
        else if (behind.TryGetValue(node, out HashSet<PlanNode>? further)) found.UnionWith(further);
    }
}

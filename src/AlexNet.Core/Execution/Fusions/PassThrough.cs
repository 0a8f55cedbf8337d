namespace AlexNetTF.Execution;

/// <summary>
/// Drops operations whose output is their input, element for element in the same shape: Identity, StopGradient, a Reshape
/// that changes nothing, as the article's code puts between bias and rectifier. Their readers read the input.
/// Not where the output is fetched, or where the operation waits for another or is waited for.
/// </summary>
internal static class PassThrough
{
    public static void Apply(PlanGraph graph)
    {
        foreach (PlanNode node in graph.Nodes.ToArray())
        {
            if (!IsPassThrough(node) || node.Controls.Count > 0 || graph.Fetched.Contains(node.Output) || graph.IsAwaited(node)) continue;
            graph.Redirect(node.Output, node.Inputs[0]);
            graph.Nodes.Remove(node);
        }
    }

    private static bool IsPassThrough(PlanNode node) =>
        node.Def.Type is "Identity" or "StopGradient" or "PreventGradient" or "Reshape" or "Squeeze" or "ExpandDims"
        && node.Inputs[0].Info.Dims.AsSpan().SequenceEqual(node.Output.Info.Dims);
}

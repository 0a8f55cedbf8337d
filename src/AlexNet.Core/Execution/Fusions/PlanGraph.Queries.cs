namespace AlexNetTF.Execution;

/// <content>What fusions ask before they rewrite.</content>
internal sealed partial class PlanGraph
{
    /// <summary>
    /// The one node that reads a value, where nothing else depends on it: the value is not fetched, the operation that
    /// makes it is not asked for, and no control dependency hangs on it.
    /// </summary>
    public PlanNode? PrivateUser(PlanValue value) => value.Producer is { } producer && !IsAwaited(producer) ? SoleUser(value) : null;

    /// <summary>Whether an operation is asked for itself, or one waits for it by a control dependency.</summary>
    public bool IsAwaited(PlanNode node) => Targets.Contains(node) || Nodes.Exists(other => other.Controls.Contains(node));

    /// <summary>
    /// Whether nodes can run as late as the node <paramref name="last"/>: nothing in between writes a variable that one
    /// of them reads.
    /// </summary>
    public bool CanWait(IReadOnlyCollection<PlanNode> nodes, PlanNode last)
    {
        int first = nodes.Min(node => node.Order);
        HashSet<VariableSlot> read = [];
        foreach (PlanValue input in nodes.SelectMany(node => node.Inputs)) read.UnionWith(VariablesBehind(input));
        if (read.Count == 0) return true;
        return !Nodes.Exists(node => node.Order > first && node.Order <= last.Order && WrittenBy(node).Any(read.Contains));
    }

    /// <summary>The variables whose memory a value may be: itself one, or one passed on by operations that move nothing.</summary>
    public static IEnumerable<VariableSlot> VariablesBehind(PlanValue value)
    {
        if (value.Variable is { } variable) return [variable];
        if (value.Producer is not { } producer) return [];
        return producer.Inputs
            .Where(input => input.Info.Type == value.Info.Type && input.Info.Count == value.Info.Count)
            .SelectMany(VariablesBehind);
    }

    /// <summary>Lets all readers of a value read another.</summary>
    public void Redirect(PlanValue old, PlanValue other)
    {
        foreach (PlanNode user in UsersOf(old).ToArray()) user.ReplaceInput(old, other);
    }

    /// <summary>The variables that a node writes.</summary>
    public static IEnumerable<VariableSlot> WrittenBy(PlanNode node) => node.Def.WrittenInputs.SelectMany(input => VariablesBehind(node.Inputs[input]));
}

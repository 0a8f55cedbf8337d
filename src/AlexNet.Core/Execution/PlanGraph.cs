namespace AlexNetTF.Execution;

/// <summary>Where a value's memory is.</summary>
internal enum Storage
{
    /// <summary>In the run's arena.</summary>
    Arena,

    /// <summary>The caller's array.</summary>
    Feed,

    /// <summary>A constant's own memory.</summary>
    Constant,

    /// <summary>The session's variable.</summary>
    Variable,
}

/// <summary>A value of a plan, of concrete sizes.</summary>
internal sealed class PlanValue(DType type, int[] dims, Tensor? source)
{
    public TensorInfo Info { get; } = new(type, dims);

    /// <summary>The graph's tensor, null for a value that a fusion made up.</summary>
    public Tensor? Source { get; } = source;

    public Storage Storage { get; set; }

    /// <summary>The node that computes it, null for feeds, constants and variables.</summary>
    public PlanNode? Producer { get; set; }

    /// <summary>Its values, where they are known while planning.</summary>
    public TensorData? Constant { get; set; }

    public VariableSlot? Variable { get; set; }

    /// <summary>Its number among the program's values; set when memory is planned.</summary>
    public int Slot { get; set; } = -1;

    public bool IsReference { get; set; }
}

/// <summary>A step to be: an op on plan values. Fusions replace several by one.</summary>
internal sealed class PlanNode(string name, OpDef def, IReadOnlyList<PlanValue> inputs, IReadOnlyList<PlanValue> outputs, int order)
{
    public string Name { get; } = name;

    public OpDef Def { get; } = def;

    public IReadOnlyList<PlanValue> Inputs { get; private set; } = inputs;

    public IReadOnlyList<PlanValue> Outputs { get; } = outputs;

    /// <summary>Its place in the order of execution: the operation's number in the graph.</summary>
    public int Order { get; } = order;

    public List<PlanNode> Controls { get; init; } = [];

    public PlanValue Output => Outputs[0];

    /// <summary>Reads another value wherever this one was read.</summary>
    public void ReplaceInput(PlanValue old, PlanValue other) => Inputs = [.. Inputs.Select(input => input == old ? other : input)];

    public override string ToString() => $"{Def.Type} {Name}";
}

/// <summary>The operations of a run with concrete sizes: what fusions rewrite and memory is planned for.</summary>
internal sealed partial class PlanGraph(List<PlanNode> nodes, IReadOnlyList<PlanValue> fetched, IReadOnlyList<PlanNode> targets, IReadOnlyList<PlanValue> feeds)
{
    public List<PlanNode> Nodes { get; } = nodes;

    /// <summary>The values to hand out.</summary>
    public IReadOnlyList<PlanValue> Fetched { get; } = fetched;

    /// <summary>Nodes to run for their effect.</summary>
    public List<PlanNode> Targets { get; } = [.. targets];

    public IReadOnlyList<PlanValue> Feeds { get; } = feeds;

    /// <summary>The nodes that read a value.</summary>
    public IEnumerable<PlanNode> UsersOf(PlanValue value) => Nodes.Where(node => node.Inputs.Contains(value));

    /// <summary>The node that reads a value, if it is the only one and nobody fetches the value.</summary>
    public PlanNode? SoleUser(PlanValue value)
    {
        if (Fetched.Contains(value)) return null;
        PlanNode? sole = null;
        foreach (PlanNode user in UsersOf(value))
        {
            if (sole is not null) return null;
            sole = user;
        }

        return sole;
    }

    /// <summary>Puts one node in the place of several whose last one has the same outputs.</summary>
    public void Replace(IReadOnlyCollection<PlanNode> old, PlanNode replacement)
    {
        foreach (PlanNode node in old) Nodes.Remove(node);
        Nodes.Insert(Nodes.FindIndex(node => node.Order > replacement.Order) is >= 0 and var index ? index : Nodes.Count, replacement);
        foreach (PlanValue output in replacement.Outputs) output.Producer = replacement;
        foreach (PlanNode node in Nodes) Redirect(node.Controls, old, replacement);
        Redirect(Targets, old, replacement);
        replacement.Controls.AddRange(old.SelectMany(node => node.Controls).Distinct().Where(control => !old.Contains(control)));
    }

    /// <summary>Drops nodes that nothing asked for depends on any more.</summary>
    public void Sweep()
    {
        var needed = new HashSet<PlanNode>();
        var open = new Stack<PlanNode>(Targets);
        foreach (PlanValue value in Fetched) Push(value);
        while (open.TryPop(out PlanNode? node))
        {
            if (!needed.Add(node)) continue;
            foreach (PlanValue input in node.Inputs) Push(input);
            foreach (PlanNode control in node.Controls) open.Push(control);
        }

        Nodes.RemoveAll(node => !needed.Contains(node));

        void Push(PlanValue value)
        {
            if (value.Producer is { } producer) open.Push(producer);
        }
    }

    private static void Redirect(List<PlanNode> list, IReadOnlyCollection<PlanNode> old, PlanNode replacement)
    {
        if (list.RemoveAll(old.Contains) > 0 && !list.Contains(replacement)) list.Add(replacement);
    }
}

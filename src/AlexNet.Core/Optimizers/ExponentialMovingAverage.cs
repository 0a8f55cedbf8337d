namespace AlexNetTF;

/// <summary>
/// Moving averages of variables (<c>tf.train.ExponentialMovingAverage</c> without zero debiasing): beside each variable stands
/// a shadow, and an update moves it, shadow −= (1 − decay) · (shadow − variable). Averaged weights often judge better than the last ones.
/// </summary>
/// <param name="decay">How much of the old average stays, 0 to 1; near 1, such as 0.999.</param>
/// <param name="numUpdates">A count of updates, such as the step counter: then min(decay, (1 + n) / (10 + n)) is used, which is lower at first.</param>
/// <param name="name">The name scope of the updates and the last part of the shadows' names.</param>
public sealed class ExponentialMovingAverage(float decay, Operand? numUpdates = null, string name = "ExponentialMovingAverage")
{
    private readonly Dictionary<Variable, Variable> shadows = [];

    /// <summary>The name.</summary>
    public string Name => name;

    /// <summary>
    /// Makes the shadows of variables that have none yet, which start at the variable's initial value, and adds an operation that moves all of them.
    /// Put it behind the training step with <c>Graph.ControlDependencies</c>, and the shadows follow the variables' new values.
    /// </summary>
    /// <param name="variables">The variables; the graph's trainable ones if null.</param>
    /// <param name="graph">The graph of those; the ambient one if null.</param>
    /// <returns>The operation to run.</returns>
    /// <exception cref="GraphException">There are no variables, or one does not hold floating-point numbers.</exception>
    public Operation Apply(IEnumerable<Variable>? variables = null, Graph? graph = null)
    {
        Variable[] list = [.. variables ?? (graph ?? Graph.Default).TrainableVariables()];
        if (list.Length == 0) throw new GraphException("There are no variables to average.");
        foreach (Variable variable in list) AddShadow(variable);
        graph = list[0].Graph;
        using NameScope scope = graph.NameScope(name);
        Tensor rate = BuildDecay(graph);
        Operation[] updates = [.. list.Select(variable => Move(shadows[variable], variable, rate))];
        return graph.Group(updates, scope.Name);
    }

    /// <summary>The shadow of a variable; null where <see cref="Apply"/> has made none.</summary>
    public Variable? Average(Variable variable) => shadows.GetValueOrDefault(variable);

    /// <summary>The name of a variable's shadow, the key in checkpoints: the variable's and this object's.</summary>
    public string AverageName(Variable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return Average(variable)?.Op.Name ?? $"{variable.Op.Name}/{name}";
    }

    private void AddShadow(Variable variable)
    {
        if (!variable.DType.IsFloating()) throw new GraphException($"The variable '{variable.Op.Name}' holds {variable.DType.Name()}; only floating-point numbers can be averaged.");
        if (shadows.ContainsKey(variable)) return;
        Graph graph = variable.Graph;
        using IDisposable free = graph.ClearControls();
        using VariableScope scope = graph.VariableScope(null, defaultName: $"{variable.Op.Name}/{name}");
        using IDisposable beside = graph.Colocate(variable.Op);
        shadows.Add(variable, Variables.Make(graph, scope.Name + "/", variable.Shape, variable.DType, new SharedInitialValue(variable.InitialValue), trainable: false));
        graph.AddToCollection(GraphKeys.MovingAverageVariables, variable);
    }

    private Tensor BuildDecay(Graph graph)
    {
        Tensor rate = ((Operand)decay).ToTensor(graph, DType.Float32, "decay");
        if (numUpdates is null) return rate;
        Tensor count = numUpdates.Value.ToTensor(graph, null, "num_updates/x");
        count = count.DType == DType.Float32 ? count : MathOps.Cast(count, DType.Float32, "num_updates");
        return MathOps.Minimum(rate, (1f + count) / (10f + count));
    }

    private static Operation Move(Variable shadow, Variable variable, Tensor decay)
    {
        Graph graph = variable.Graph;
        using NameScope scope = graph.NameScope("AssignMovingAvg");
        Tensor share = 1f - decay;
        if (share.DType != shadow.DType) share = MathOps.Cast(share, shadow.DType);
        using IDisposable beside = graph.Colocate(shadow.Op);
        return StateOps.AssignSub(shadow.Reference, (shadow.Value - variable.Value) * share, scope.Name).Op;
    }

    /// <summary>A value that is there already: the variable's own, so that both start with the same numbers, random ones too.</summary>
    private sealed class SharedInitialValue(Tensor value) : Initializer
    {
        public override Tensor Build(Graph graph, Shape shape, DType type) => value;
    }
}

namespace AlexNetTF;

/// <summary>A gradient and the variable that it belongs to.</summary>
/// <param name="Gradient">The gradient; null where the loss does not depend on the variable.</param>
/// <param name="Variable">The variable.</param>
public readonly record struct GradientAndVariable(Tensor? Gradient, Variable Variable);

/// <summary>
/// Base of the optimizers: computes gradients, makes slots (variables beside variables), adds the update of every
/// variable and the step counter, with TensorFlow 1.15's nodes and names. Extend it for optimizers of your own.
/// </summary>
public abstract class Optimizer
{
    private readonly Dictionary<(Variable Primary, string Slot), Variable> slots = [];

    /// <summary>Creates the optimizer with the name that its operations and slots get.</summary>
    protected Optimizer(string name) => Name = name;

    /// <summary>The name scope of the updates and the last part of slots' names.</summary>
    public string Name { get; }

    /// <summary>Adds an operation that moves the variables against the loss's gradient by one step.</summary>
    /// <param name="loss">What to make small; its sum is differentiated.</param>
    /// <param name="variables">What to change; the graph's trainable variables if null.</param>
    /// <param name="globalStep">A counter that grows by one with each step, or null.</param>
    /// <param name="name">The operation's name; the optimizer's if null.</param>
    /// <returns>The operation to run.</returns>
    /// <exception cref="GraphException">The loss depends on none of the variables.</exception>
    public Operation Minimize(Tensor loss, IEnumerable<Variable>? variables = null, Variable? globalStep = null, string? name = null)
    {
        IReadOnlyList<GradientAndVariable> pairs = ComputeGradients(loss, variables);
        if (pairs.All(pair => pair.Gradient is null))
        {
            throw new GraphException($"The loss {loss.Name} depends on none of the variables {string.Join(", ", pairs.Select(pair => pair.Variable.Name))}.");
        }

        return ApplyGradients(pairs, globalStep, name);
    }

    /// <summary>The first half of <see cref="Minimize"/>: gradients, to be changed (clipped, say) before <see cref="ApplyGradients"/>.</summary>
    /// <param name="loss">What to make small.</param>
    /// <param name="variables">What to change; the graph's trainable variables if null.</param>
    public virtual IReadOnlyList<GradientAndVariable> ComputeGradients(Tensor loss, IEnumerable<Variable>? variables = null)
    {
        Variable[] list = [.. variables ?? loss.Graph.TrainableVariables()];
        if (list.Length == 0) throw new GraphException("There are no variables to optimize.");
        Tensor?[] gradients = AlexNetTF.Gradients.Compute([loss], [.. list.Select(variable => variable.Reference)], gateGradients: true);
        return [.. gradients.Zip(list, (gradient, variable) => new GradientAndVariable(gradient, variable))];
    }

    /// <summary>The second half of <see cref="Minimize"/>: the updates.</summary>
    /// <param name="gradients">Gradients and variables; pairs without a gradient are left out.</param>
    /// <param name="globalStep">A counter that grows by one with each step, or null.</param>
    /// <param name="name">The operation's name; the optimizer's if null.</param>
    /// <returns>The operation to run; with a counter, the one that counts.</returns>
    public Operation ApplyGradients(IEnumerable<GradientAndVariable> gradients, Variable? globalStep = null, string? name = null)
    {
        GradientAndVariable[] pairs = [.. gradients.Where(pair => pair.Gradient is not null)];
        if (pairs.Length == 0) throw new GraphException("No variable has a gradient.");
        Graph graph = pairs[0].Variable.Graph;
        using (graph.ClearControls())
        {
            CreateSlots([.. pairs.Select(pair => pair.Variable)]);
        }

        using NameScope scope = graph.NameScope(name ?? Name);
        Prepare(graph);
        var updates = new List<Operation>();
        foreach ((Tensor? gradient, Variable variable) in pairs)
        {
            using NameScope update = graph.NameScope("update_" + variable.Op.Name);
            using IDisposable beside = graph.Colocate(variable.Op);
            updates.Add(Apply(gradient!, variable));
        }

        Operation train = globalStep is null
            ? Finish(graph, updates, scope.Name)
            : Count(graph, Finish(graph, updates, "update"), globalStep, scope.Name);
        graph.AddToCollection(GraphKeys.TrainOp, train);
        return train;
    }

    /// <summary>The slot of a variable, or null: Momentum's "momentum", Adam's "m" and "v".</summary>
    public Variable? GetSlot(Variable variable, string slot) => slots.GetValueOrDefault((variable, slot));

    /// <summary>Makes the variables that the updates need beside the optimized ones.</summary>
    protected virtual void CreateSlots(IReadOnlyList<Variable> variables)
    {
    }

    /// <summary>Makes the tensors that all updates share, such as the learning rate.</summary>
    protected abstract void Prepare(Graph graph);

    /// <summary>The update of one variable.</summary>
    protected abstract Operation Apply(Tensor gradient, Variable variable);

    /// <summary>What the step waits for: all updates, and what follows them.</summary>
    protected virtual Operation Finish(Graph graph, IReadOnlyList<Operation> updates, string name) => graph.Group(updates, name);

    /// <summary>A slot: a variable of the primary's shape, named after it, that starts at <paramref name="initializer"/>.</summary>
    protected Variable CreateSlot(Variable primary, string slot, Initializer? initializer = null)
    {
        if (slots.TryGetValue((primary, slot), out Variable? existing)) return existing;
        Graph graph = primary.Graph;
        using VariableScope scope = graph.VariableScope(null, defaultName: $"{primary.Op.Name}/{Name}");
        using IDisposable beside = graph.Colocate(primary.Op);
        Variable made = Variables.Make(graph, scope.Name + "/", primary.Shape, primary.DType, initializer ?? Initializer.Zeros, trainable: false);
        slots.Add((primary, slot), made);
        return made;
    }

    /// <summary>A shared tensor in the variable's element type.</summary>
    protected static Tensor LikeVariable(Tensor tensor, Variable variable) =>
        tensor.DType == variable.DType ? tensor : MathOps.Cast(tensor, variable.DType);

    private static Operation Count(Graph graph, Operation updates, Variable globalStep, string name)
    {
        using IDisposable after = graph.ControlDependencies(updates);
        using IDisposable beside = graph.Colocate(globalStep.Op);
        return StateOps.AssignAdd(globalStep.Reference, 1, name: name).Op;
    }
}

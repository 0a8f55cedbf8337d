namespace AlexNetTF;

/// <summary>Making, finding and initializing variables.</summary>
public static class Variables
{
    /// <summary>A variable named within the current name scope, never shared (<c>tf.Variable</c>).</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="initialValue">The initial value; a plain value becomes the Const <c>v/initial_value</c>.</param>
    /// <param name="name">The name asked for.</param>
    /// <param name="trainable">Whether optimizers change it by default.</param>
    /// <param name="type">The element type that a plain number takes.</param>
    public static Variable Variable(this Graph graph, Operand initialValue, string? name = null, bool trainable = true, DType? type = null)
    {
        using IDisposable free = graph.ClearControls();
        using NameScope scope = graph.NameScope(name ?? "Variable");
        Tensor value = initialValue.ToTensor(graph, type, "initial_value");
        return Make(graph, value, scope.Name, trainable);
    }

    /// <summary>All variables of the model, in the order of their creation.</summary>
    public static IReadOnlyList<Variable> GlobalVariables(this Graph graph, string? scope = null) => [.. graph.GetCollection(GraphKeys.GlobalVariables, scope).OfType<Variable>()];

    /// <summary>The variables that optimizers change by default.</summary>
    public static IReadOnlyList<Variable> TrainableVariables(this Graph graph, string? scope = null) => [.. graph.GetCollection(GraphKeys.TrainableVariables, scope).OfType<Variable>()];

    /// <summary>An operation that gives every variable its initial value (<c>tf.global_variables_initializer</c>).</summary>
    public static Operation GlobalVariablesInitializer(this Graph graph) => graph.VariablesInitializer(graph.GlobalVariables(), "init");

    /// <summary>Variables that are no part of the model and are not saved, such as the sums of a metric.</summary>
    public static IReadOnlyList<Variable> LocalVariables(this Graph graph, string? scope = null) => [.. graph.GetCollection(GraphKeys.LocalVariables, scope).OfType<Variable>()];

    /// <summary>An operation that gives every local variable its initial value (<c>tf.local_variables_initializer</c>).</summary>
    public static Operation LocalVariablesInitializer(this Graph graph) => graph.VariablesInitializer(graph.LocalVariables(), "init");

    /// <summary>An operation that gives these variables their initial values (<c>tf.variables_initializer</c>).</summary>
    public static Operation VariablesInitializer(this Graph graph, IEnumerable<Variable> variables, string name = "init") =>
        graph.Group(variables.Select(variable => variable.Initializer), name);

    /// <summary>A variable whose initial value is built inside its own scope <c>v/Initializer</c>, as GetVariable makes it; a global one where no collection is named.</summary>
    internal static Variable Make(Graph graph, string fullName, Shape shape, DType type, Initializer initializer, bool trainable, params string[] collections)
    {
        using IDisposable free = graph.ClearControls();
        using NameScope root = graph.NameScope(null);
        using NameScope scope = graph.NameScope(fullName);
        // An enclosing colocation (an optimizer's slot beside its variable) wins over the variable's own name.
        using IDisposable? beside = graph.HasColocation || scope.Name.Length == 0 ? null : graph.Colocate(scope.Name[..^1]);
        Tensor value;
        using (graph.NameScope("Initializer"))
        {
            value = initializer.Build(graph, shape, type);
        }

        return Make(graph, value, scope.Name, trainable, collections);
    }

    private static Variable Make(Graph graph, Tensor value, string scope, bool trainable, params string[] collections)
    {
        if (!value.Shape.IsFullyDefined)
        {
            throw new GraphException($"The variable '{scope[..^1]}' needs an initial value of known shape; it has {value.Shape}.");
        }

        Tensor reference = graph.VariableV2(value.DType, value.Shape, scope);
        Tensor assigned = StateOps.Assign(reference, value, name: "Assign");
        Tensor read;
        using (graph.Colocate(reference.Op))
        {
            read = ArrayOps.Identity(reference, "read");
        }

        var variable = new Variable(reference, value, assigned.Op, read, trainable);
        foreach (string collection in collections.Length > 0 ? collections : [GraphKeys.GlobalVariables]) graph.AddToCollection(collection, variable);
        if (trainable) graph.AddToCollection(GraphKeys.TrainableVariables, variable);
        return variable;
    }
}

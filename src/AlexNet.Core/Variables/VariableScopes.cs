namespace AlexNetTF;

/// <summary>Opening variable scopes and getting variables in them.</summary>
public static class VariableScopes
{
    /// <summary>Opens a variable scope, and the name scope of the same name for operations (<c>tf.variable_scope</c>).</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">The scope's name; null where <paramref name="defaultName"/> is to be made unique.</param>
    /// <param name="reuse">Whether variables are made or found.</param>
    /// <param name="defaultName">The name to be made unique among variable scopes where <paramref name="name"/> is null.</param>
    /// <param name="initializer">The initializer of variables that name none.</param>
    /// <exception cref="GraphException">No name is given, or reuse is asked for with a default name.</exception>
    public static VariableScope VariableScope(
        this Graph graph, string? name, Reuse reuse = Reuse.Inherit, string? defaultName = null, Initializer? initializer = null)
    {
        Require(reuse);
        if (name is not null) return graph.Extension<VariableStore>().Open(graph, name, name, reuse, initializer);
        if (defaultName is null) throw new GraphException("A variable scope needs a name or a default name.");
        if (reuse == Reuse.Existing) throw new GraphException($"Variables of the default scope '{defaultName}' cannot be reused: its name is made unique. Give the scope a name.");
        VariableStore store = graph.Extension<VariableStore>();
        return store.Open(graph, store.UniqueScope(defaultName), defaultName, reuse, initializer);
    }

    /// <summary>Opens a variable scope whose variables must exist (true) or are made as the enclosing scope says (false).</summary>
    public static VariableScope VariableScope(this Graph graph, string name, bool reuse) =>
        graph.VariableScope(name, reuse ? Reuse.Existing : Reuse.Inherit);

    /// <summary>Enters a variable scope again, wherever one is: its variables keep their full prefix.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="reuse">Whether variables are made or found; inherited from <paramref name="scope"/>.</param>
    /// <param name="auxiliaryNameScope">Whether operations get a name scope of the scope's last part.</param>
    public static VariableScope VariableScope(this Graph graph, VariableScope scope, Reuse reuse = Reuse.Inherit, bool auxiliaryNameScope = true)
    {
        Require(reuse);
        return graph.Extension<VariableStore>().Reopen(graph, scope, reuse, auxiliaryNameScope);
    }

    /// <summary>The variable scope that is open.</summary>
    public static VariableScope CurrentVariableScope(this Graph graph) => graph.Extension<VariableStore>().Current;

    /// <summary>
    /// Makes a variable in the current variable scope or finds it there, as the scope's reuse says (<c>tf.get_variable</c>).
    /// Name scopes do not matter.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">The name below the variable scope's.</param>
    /// <param name="shape">The shape; may be null where an existing variable is found.</param>
    /// <param name="type">The element type; float32 if null.</param>
    /// <param name="initializer">Makes the initial value; by default the scope's, else Glorot's uniform for floating point and zeros for other types.</param>
    /// <param name="trainable">Whether optimizers change it by default.</param>
    /// <exception cref="GraphException">It exists and must not, does not and must, or has another shape or element type.</exception>
    public static Variable GetVariable(
        this Graph graph, string name, Shape? shape = null, DType? type = null, Initializer? initializer = null, bool trainable = true) =>
        graph.Extension<VariableStore>().Get(graph, name, shape, type, initializer, trainable);

    /// <summary>A variable that starts with a value, whose shape it takes.</summary>
    /// <inheritdoc cref="GetVariable(Graph, string, Shape?, DType?, Initializer?, bool)"/>
    /// <param name="graph">The graph.</param>
    /// <param name="name">The name below the variable scope's.</param>
    /// <param name="value">The initial value: a tensor, number or array.</param>
    /// <param name="type">The element type that the value must have; any if null.</param>
    /// <param name="trainable">Whether optimizers change it by default.</param>
    public static Variable GetVariable(this Graph graph, string name, Operand value, DType? type = null, bool trainable = true) =>
        graph.Extension<VariableStore>().GetWithValue(graph, name, value, type, trainable);

    private static void Require(Reuse reuse)
    {
        if (!Enum.IsDefined(reuse)) throw new GraphException($"Reuse has no value {(int)reuse}; use Inherit, Existing or Auto.");
    }
}

namespace AlexNetTF;

/// <summary>A graph's named variables and its open variable scopes.</summary>
internal sealed class VariableStore
{
    private readonly Dictionary<string, Variable> variables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> scopeCounts = new(StringComparer.Ordinal);
    private readonly Stack<VariableScope> open = new([new VariableScope("", "", Reuse.Inherit, null, null)]);

    public VariableScope Current => open.Peek();

    public VariableScope Open(Graph graph, string name, string nameScope, Reuse reuse, Initializer? initializer)
    {
        VariableScope outer = Current;
        NameScope names = graph.NameScope(nameScope);
        string full = outer.Name.Length == 0 ? name : name.Length == 0 ? outer.Name : $"{outer.Name}/{name}";
        Count(full);
        return Push(full, names.Name, Effective(reuse, outer), initializer ?? outer.Initializer, () => names.Dispose(), resetCounts: true);
    }

    public VariableScope Reopen(Graph graph, VariableScope scope, Reuse reuse, bool auxiliaryNameScope)
    {
        NameScope? names = auxiliaryNameScope ? graph.NameScope(scope.Name[(scope.Name.LastIndexOf('/') + 1)..]) : null;
        return Push(scope.Name, scope.OriginalNameScope, Effective(reuse, scope), scope.Initializer, () => names?.Dispose(), resetCounts: false);
    }

    /// <summary>The name made unique among the scopes opened below the current one.</summary>
    public string UniqueScope(string prefix)
    {
        string outer = Current.Name.Length == 0 ? "" : Current.Name + "/";
        if (!scopeCounts.ContainsKey(outer + prefix)) return prefix;
        int index = 1;
        while (scopeCounts.ContainsKey($"{outer}{prefix}_{index}")) index++;
        return $"{prefix}_{index}";
    }

    public Variable Get(Graph graph, string name, Shape? shape, DType? type, Initializer? initializer, bool trainable)
    {
        string full = FullName(name);
        DType wanted = type ?? DType.Float32;
        if (variables.TryGetValue(full, out Variable? existing)) return Share(existing, shape, wanted);
        RequireMaking(full);
        if (shape is not { IsFullyDefined: true })
        {
            throw new GraphException($"The variable '{full}' does not exist yet and needs a fully known shape; it is {shape?.ToString() ?? "not given"}.");
        }

        Initializer chosen = initializer ?? Current.Initializer ?? Initializer.Default(wanted);
        return Keep(full, Variables.Make(graph, full, shape, wanted, chosen, trainable));
    }

    public Variable GetWithValue(Graph graph, string name, Operand value, DType? type, bool trainable)
    {
        string full = FullName(name);
        if (type is { } explicitType && value.Tensor is null)
        {
            // TensorFlow compares the types by making the value a constant, which stays in the graph.
            DType actual = value.ToTensor(graph, null, "Const").DType;
            if (actual != explicitType) throw new GraphException($"The variable '{full}' is to hold {explicitType.Name()}; its initial value is {actual.Name()}.");
        }

        if (variables.TryGetValue(full, out Variable? existing)) return Share(existing, null, type ?? DType.Float32);
        RequireMaking(full);
        using NameScope root = graph.NameScope(null);
        return Keep(full, graph.Variable(value, full, trainable, type));
    }

    private static Variable Share(Variable existing, Shape? shape, DType type, Reuse reuse)
    {
        if (reuse == Reuse.Inherit)
        {
            throw new GraphException($"The variable '{existing.Op.Name}' exists already. Open the scope with reuse: true (or Reuse.Auto) to share it.");
        }

        if (shape is not null && !shape.IsCompatibleWith(existing.Shape))
        {
            throw new GraphException($"The variable '{existing.Op.Name}' has shape {existing.Shape}; {shape} was asked for.");
        }

        return type == existing.DType
            ? existing
            : throw new GraphException($"The variable '{existing.Op.Name}' holds {existing.DType.Name()}; {type.Name()} was asked for.");
    }

    private static Reuse Effective(Reuse asked, VariableScope outer) => asked == Reuse.Inherit ? outer.Reuse : asked;

    private Variable Share(Variable existing, Shape? shape, DType type) => Share(existing, shape, type, Current.Reuse);

    private void RequireMaking(string full)
    {
        if (Current.Reuse == Reuse.Existing)
        {
            throw new GraphException($"The variable '{full}' does not exist, or was not made with GetVariable. Open the scope without reuse, or with Reuse.Auto.");
        }
    }

    private string FullName(string name) => Current.Name.Length == 0 ? name : $"{Current.Name}/{name}";

    private Variable Keep(string full, Variable variable)
    {
        variables.Add(full, variable);
        return variable;
    }

    private void Count(string scope) => scopeCounts[scope] = scopeCounts.GetValueOrDefault(scope) + 1;

    private VariableScope Push(string name, string nameScope, Reuse reuse, Initializer? initializer, Action closeNames, bool resetCounts)
    {
        Dictionary<string, int>? counts = resetCounts ? null : new(scopeCounts, StringComparer.Ordinal);
        VariableScope scope = new(name, nameScope, reuse, initializer, closed =>
        {
            if (open.Peek() != closed) throw new GraphException($"The variable scope '{closed.Name}' is closed out of order; close the scopes opened inside it first.");
            open.Pop();
            CloseCounts(closed.Name, counts);
            closeNames();
        });
        open.Push(scope);
        return scope;
    }

    // Closing a scope that was opened by name forgets the scopes below it; one that was entered again puts back what was counted before.
    private void CloseCounts(string scope, Dictionary<string, int>? before)
    {
        if (before is null)
        {
            foreach (string below in scopeCounts.Keys.Where(key => key.StartsWith(scope + "/", StringComparison.Ordinal)).ToArray()) scopeCounts.Remove(below);
            return;
        }

        scopeCounts.Clear();
        foreach ((string key, int value) in before) scopeCounts.Add(key, value);
    }
}

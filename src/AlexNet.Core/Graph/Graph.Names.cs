using System.Text.RegularExpressions;

namespace AlexNetTF;

/// <content>Node names and name scopes, by TensorFlow 1.15's rules.</content>
public sealed partial class Graph
{
    private readonly Dictionary<string, int> usedNames = new(StringComparer.Ordinal);
    private readonly Stack<NameScope> openScopes = new();
    private string scope = "";

    /// <summary>The current name scope without a trailing slash, "" at the root.</summary>
    public string CurrentNameScope => scope;

    /// <summary>
    /// Opens a name scope, made unique like a node's name. A name with a trailing slash re-enters that very scope;
    /// null or "" leads back to the root.
    /// </summary>
    /// <returns>The open scope; dispose it to close. Its <see cref="AlexNetTF.NameScope.Name"/> ends in a slash.</returns>
    /// <exception cref="GraphException">The name is not allowed.</exception>
    public NameScope NameScope(string? name)
    {
        string previous = scope;
        if (string.IsNullOrEmpty(name))
        {
            scope = "";
        }
        else if (name.EndsWith('/'))
        {
            scope = name[..^1];
        }
        else
        {
            bool valid = scope.Length == 0 ? RootName().IsMatch(name) : NestedName().IsMatch(name);
            if (!valid) throw new GraphException($"'{name}' is not a valid scope name: it may hold letters, digits and _ . - / and, at the root, begins with a letter, a digit or a dot.");
            scope = UniqueName(name);
        }

        var opened = new NameScope(this, scope.Length == 0 ? "" : scope + "/", previous);
        openScopes.Push(opened);
        return opened;
    }

    /// <summary>The full name that a node asked for by this name gets: within the current scope, with <c>_1</c>, <c>_2</c> … where it is taken (whatever its case).</summary>
    /// <param name="name">The name asked for.</param>
    /// <param name="markAsUsed">Whether the answer counts as taken from now on.</param>
    public string UniqueName(string name, bool markAsUsed = true)
    {
        string full = scope.Length == 0 ? name : $"{scope}/{name}";
        string key = Key(full);
        int count = usedNames.GetValueOrDefault(key);
        if (markAsUsed) usedNames[key] = count + 1;
        if (count == 0) return full;
        string candidate = key;
        while (usedNames.ContainsKey(candidate)) candidate = $"{key}_{count++}";
        if (markAsUsed) usedNames[candidate] = 1;
        return $"{full}_{count - 1}";
    }

    internal void Close(NameScope closed)
    {
        if (openScopes.Count == 0 || openScopes.Peek() != closed)
        {
            throw new GraphException($"The name scope '{closed.Name}' is closed out of order; close the scopes opened inside it first.");
        }

        openScopes.Pop();
        scope = closed.Outer;
    }

    // Names compare without regard to case, so that no two nodes' files differ by case only.
    private static string Key(string name) => name.ToLowerInvariant();

    private string NewNodeName(string requested)
    {
        // A scope's own name, as helpers pass it for their last op, is taken literally.
        string full = requested.EndsWith('/') ? requested[..^1] : UniqueName(requested);
        if (!RootName().IsMatch(full)) throw new GraphException($"'{full}' is not a valid node name: it may hold letters, digits and _ . - / and begins with a letter, a digit or a dot.");
        if (byName.ContainsKey(full)) throw new NameTakenException(full);
        if (requested.EndsWith('/')) usedNames.TryAdd(Key(full), 1);
        return full;
    }

    [GeneratedRegex(@"^[A-Za-z0-9.][A-Za-z0-9_.\-/]*\z")]
    private static partial Regex RootName();

    [GeneratedRegex(@"^[A-Za-z0-9_.\-/]*\z")]
    private static partial Regex NestedName();
}

/// <summary>An open name scope; disposing closes it.</summary>
public sealed class NameScope : IDisposable
{
    private readonly Graph graph;
    private bool closed;

    internal NameScope(Graph graph, string name, string outer)
    {
        this.graph = graph;
        Name = name;
        Outer = outer;
    }

    /// <summary>The scope's full name with a trailing slash, "" at the root; passed as a name it stands for exactly this scope.</summary>
    public string Name { get; }

    internal string Outer { get; }

    /// <summary>Closes the scope.</summary>
    /// <exception cref="GraphException">A scope opened inside it is still open.</exception>
    public void Dispose()
    {
        if (closed) return;
        closed = true;
        graph.Close(this);
    }
}

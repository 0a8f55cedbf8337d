namespace AlexNetTF;

/// <summary>
/// A variable scope: the prefix of variables that <c>GetVariable</c> makes or finds, and whether it does the one or the
/// other. Disposing closes it; the object can be entered again.
/// </summary>
public sealed class VariableScope : IDisposable
{
    private readonly Action<VariableScope>? close;
    private bool closed;

    internal VariableScope(string name, string originalNameScope, Reuse reuse, Initializer? initializer, Action<VariableScope>? close)
    {
        Name = name;
        OriginalNameScope = originalNameScope;
        Reuse = reuse;
        Initializer = initializer;
        this.close = close;
    }

    /// <summary>The prefix of variables' names, without a trailing slash; "" at the root.</summary>
    public string Name { get; }

    /// <summary>The name scope that was made with it, with a trailing slash: what operations are named under.</summary>
    public string OriginalNameScope { get; }

    /// <summary>Whether variables are made or found here.</summary>
    public Reuse Reuse { get; private set; }

    /// <summary>The initializer of variables that name none; null for the library's default.</summary>
    public Initializer? Initializer { get; }

    /// <summary>From here to the end of the scope variables must exist already.</summary>
    public void ReuseVariables() => Reuse = Reuse.Existing;

    /// <summary>Closes the scope.</summary>
    /// <exception cref="GraphException">A scope opened inside it is still open.</exception>
    public void Dispose()
    {
        if (closed) return;
        closed = true;
        close?.Invoke(this);
    }
}

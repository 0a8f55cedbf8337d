using System.Collections;

namespace AlexNetTF;

/// <summary>An operation's attributes in TensorFlow's terms, sorted by name as TensorFlow lists them.</summary>
public sealed class AttributeMap : IEnumerable<KeyValuePair<string, object>>
{
    private readonly SortedDictionary<string, object> values = new(StringComparer.Ordinal);

    /// <summary>The value of an attribute, or null.</summary>
    public object? this[string name] => values.GetValueOrDefault(name);

    /// <summary>Adds an element type.</summary>
    public void Add(string name, DType value) => values.Add(name, value);

    /// <summary>Adds a shape.</summary>
    public void Add(string name, Shape value) => values.Add(name, value);

    /// <summary>Adds an integer.</summary>
    public void Add(string name, long value) => values.Add(name, value);

    /// <summary>Adds a floating-point number.</summary>
    public void Add(string name, float value) => values.Add(name, value);

    /// <summary>Adds a truth value.</summary>
    public void Add(string name, bool value) => values.Add(name, value);

    /// <summary>Adds a string.</summary>
    public void Add(string name, string value) => values.Add(name, value);

    /// <summary>Adds a list of integers.</summary>
    public void Add(string name, IEnumerable<int> value) => values.Add(name, value.Select(item => (long)item).ToArray());

    /// <summary>Adds a list of strings.</summary>
    public void Add(string name, IReadOnlyList<string> value) => values.Add(name, value);

    /// <summary>Adds a list of element types.</summary>
    public void Add(string name, IReadOnlyList<DType> value) => values.Add(name, value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(string name, TensorData value) => values.Add(name, value);
}

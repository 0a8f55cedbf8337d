using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Weights;

/// <summary>An array of a manifest: values listed, or filled by the recipe and rounded to the stored type.</summary>
internal sealed record ExpectedArray(string Layer, string? Parameter, long[] Shape, float[] Values)
{
    /// <summary>The place in the layer's list, where the layer is one.</summary>
    public int? Position { get; init; }

    public static ExpectedArray Parse(string layer, string? parameter, JsonElement array)
    {
        int[] shape = array.Ints("shape");
        string stored = array.Text("stored");
        float[] values = array.Find("recipe_name") is { } name
            ? Recipe.Fill(name.GetString()!, shape, array.Double("lo"), array.Double("hi"))
            : [.. array.Get("values").EnumerateArray().Select(value => value.AsFloat())];
        if (array.Find("take") is { } take)
        {
            Assert.That(take.GetString(), Is.EqualTo("every second element"));
            values = [.. values.Where((_, i) => i % 2 == 0)];
            shape = [values.Length];
        }

        if (stored.EndsWith("f2", StringComparison.Ordinal))
        {
            values = [.. values.Select(value => (float)(Half)value)];
        }

        return new ExpectedArray(layer, parameter, [.. shape.Select(d => (long)d)], values);
    }
}

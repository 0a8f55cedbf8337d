using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Weights;

/// <summary>The file of recipe weights, which other tests load, holds what the recipe says.</summary>
public sealed class RecipeFileTests
{
    [Test]
    public void Every_layer_is_read_with_its_shape_and_values()
    {
        using var folder = new TempFolder();
        RecipeWeights.WriteNpy(folder["weights.npy"], "salt/", classes: 3);
        using WeightSource source = WeightFile.Open(folder["weights.npy"]);
        foreach ((string Layer, int[] Shape, double R) layer in RecipeWeights.Layers(3))
        {
            WeightEntry weights = source.Entries.Single(e => e.Name == $"{layer.Layer}/weights");
            WeightEntry biases = source.Entries.Single(e => e.Name == $"{layer.Layer}/biases");
            Assert.That(weights.Shape, Is.EqualTo(layer.Shape.Select(size => (long)size)));
            Assert.That(source.Read(weights).AsSpan().SequenceEqual(RecipeWeights.Weights(layer, "salt/")), layer.Layer);
            Assert.That(source.Read(biases).AsSpan().SequenceEqual(RecipeWeights.Biases(layer, "salt/")), layer.Layer);
        }

        Assert.That(source.Entries, Has.Count.EqualTo(16));
    }
}

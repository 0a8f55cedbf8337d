using System.Text;

namespace AlexNetTF.Testing.Tests;

[TestFixture]
public class RecipeWeightsTests
{
    [Test]
    public void Ranges_are_the_documented_ones() =>
        Assert.That(
            RecipeWeights.Layers(1000).Select(l => l.R),
            Is.EqualTo(new[] { 0.128565, 0.070711, 0.051031, 0.058926, 0.058926, 0.0005, 0.004, 0.08 }));

    [Test]
    public void The_file_holds_every_value_in_order()
    {
        using var folder = new TempFolder();
        string path = folder["weights.npy"];
        RecipeWeights.WriteNpy(path, "salt/", classes: 2);
        byte[] bytes = File.ReadAllBytes(path);
        long values = RecipeWeights.Layers(2).Sum(l => Recipe.Count(l.Shape) + l.Shape[^1]);
        Assert.That(bytes, Has.Length.InRange((4 * values) + 1000, (4 * values) + 4000));
        Assert.That(Encoding.ASCII.GetString(bytes, 1, 5), Is.EqualTo("NUMPY"));

        int at = 0;
        foreach ((string Layer, int[] Shape, double R) layer in RecipeWeights.Layers(2))
        {
            foreach (float[] expected in new[] { RecipeWeights.Weights(layer, "salt/"), RecipeWeights.Biases(layer, "salt/") })
            {
                byte[] raw = [.. expected.Take(20).SelectMany(BitConverter.GetBytes)];
                int found = bytes.AsSpan(at).IndexOf(raw);
                Assert.That(found, Is.InRange(1, 600), layer.Layer);
                at += found + (4 * expected.Length);
            }
        }
    }
}

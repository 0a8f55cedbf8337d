using System.Globalization;
using System.Text.Json;

namespace AlexNetTF.Testing.Tests;

[TestFixture]
public class RecipeTests
{
    private static IEnumerable<TestCaseData> Rows() => Golden.Entries("recipe.json", root =>
        root.Get("rows").EnumerateArray().Select(row => ($"\"{row.Text("name")}\"", (object)row)));

    [TestCaseSource(nameof(Rows))]
    public void Known_answers(JsonElement row)
    {
        string name = row.Text("name");
        Assert.That(Recipe.Fnv1a64(name), Is.EqualTo(ulong.Parse(row.Text("fnv1a64"), NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
        foreach (JsonProperty answer in row.EnumerateObject())
        {
            // A key is fill_LO_HI or fill_int_N.
            string[] parts = answer.Name.Split('_');
            int count = answer.Value.ValueKind == JsonValueKind.Array ? answer.Value.GetArrayLength() : 0;
            if (answer.Name.StartsWith("fill_int_", StringComparison.Ordinal))
                Assert.That(Recipe.FillInt(name, count, Number(parts[2])), Is.EqualTo(answer.Value.AsInts()));
            else if (answer.Name.StartsWith("fill_", StringComparison.Ordinal))
                Assert.That(Recipe.Fill(name, count, Number(parts[1]), Number(parts[2])), Is.EqualTo(answer.Value.EnumerateArray().Select(v => v.AsFloat())));
        }
    }

    [Test]
    public void Bytes_are_256_u_rounded_down()
    {
        float[] u = Recipe.Fill("picture", 5000, 0, 1);
        Assert.That(Recipe.Bytes("picture", 5000), Is.EqualTo(u.Select(v => (byte)(256 * v))));
    }

    [Test]
    public void Blocks_of_a_large_tensor_join_without_a_seam()
    {
        float[] large = Recipe.Fill("large", (1 << 21) + 77, -1, 1);
        var small = new float[1];
        foreach (int prefix in new[] { 1, 1000, 1 << 20 })
            Assert.That(Recipe.Fill("large", prefix, -1, 1), Is.EqualTo(large[..prefix]));
        Recipe.Fill(small, "large", -1, 1);
        Assert.That(small[0], Is.EqualTo(large[0]));
        Assert.That(large[(1 << 20)..].Distinct().Count(), Is.GreaterThan(1_000_000));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

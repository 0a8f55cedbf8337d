using System.Text.Json;

namespace AlexNetTF.Testing.Tests;

[TestFixture]
public class GoldenTensorTests
{
    [Test]
    public void Special_values_and_both_ways_to_write_a_number()
    {
        GoldenTensor tensor = Parse("""{"dtype":"float32","shape":[6],"data":["NaN","Infinity","-Infinity",-0.0,1,0.1]}""");
        float[] values = tensor.Values<float>();
        Assert.That(values, Is.EqualTo(new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, 1f, 0.1f }));
        Assert.That(float.IsNegative(values[3]));
        Assert.That(tensor.LargestMagnitude, Is.EqualTo(1));
    }

    [TestCase("float32", "[1, 2.5]", typeof(float))]
    [TestCase("float64", "[1, 2.5]", typeof(double))]
    [TestCase("float16", "[1, 2.5]", typeof(Half))]
    [TestCase("int8", "[-1, 2]", typeof(sbyte))]
    [TestCase("uint8", "[255, 2]", typeof(byte))]
    [TestCase("int16", "[-1, 2]", typeof(short))]
    [TestCase("uint16", "[65535, 2]", typeof(ushort))]
    [TestCase("int32", "[-1.0, 2]", typeof(int))]
    [TestCase("uint32", "[4294967295, 2]", typeof(uint))]
    [TestCase("int64", "[9007199254740993, 2]", typeof(long))]
    [TestCase("uint64", "[18446744073709551615, 2]", typeof(ulong))]
    [TestCase("bool", "[true, false]", typeof(bool))]
    [TestCase("string", "[\"a\", \"b\"]", typeof(string))]
    public void Every_dtype_has_its_array(string dtype, string data, Type element)
    {
        GoldenTensor tensor = Parse($$"""{"dtype":"{{dtype}}","shape":[2],"data":{{data}}}""");
        Assert.That(tensor.Data.GetType().GetElementType(), Is.EqualTo(element));
        Assert.That(tensor.Data.GetValue(0), Is.Not.EqualTo(tensor.Data.GetValue(1)));
    }

    [Test]
    public void A_float_is_rounded_once_from_its_text()
    {
        // Just below the middle of two floats: by way of double it would become that middle, then the even, larger float.
        GoldenTensor tensor = Parse("""{"dtype":"float32","shape":[],"data":[1.0000001788139343261718749999999]}""");
        Assert.That(tensor.Values<float>()[0], Is.EqualTo(MathF.BitIncrement(1f)));
    }

    [Test]
    public void Fills_are_made_by_the_recipe()
    {
        Assert.That(Parse("""{"dtype":"float32","shape":[2,3],"fill":["a",-1,1]}""").Values<float>(), Is.EqualTo(Recipe.Fill("a", 6, -1, 1)));
        Assert.That(Parse("""{"dtype":"int32","shape":[6],"fill_int":["a",10]}""").Values<int>(), Is.EqualTo(Recipe.FillInt("a", 6, 10)));
        Assert.That(Parse("""{"dtype":"int64","shape":[6],"fill_int":["a",10]}""").Values<long>(), Is.EqualTo(Recipe.FillInt("a", 6, 10)));
        GoldenTensor named = GoldenTensor.Parse(Json("""{"dtype":"float32","shape":[2],"fill":["x/{batch}",0,1]}"""), fillName: n => n.Replace("{batch}", "2", StringComparison.Ordinal));
        Assert.That(named.Values<float>(), Is.EqualTo(Recipe.Fill("x/2", 2, 0, 1)));
    }

    [Test]
    public void A_difference_names_index_expected_actual_and_tolerance()
    {
        GoldenTensor tensor = Parse("""{"dtype":"float32","shape":[2,3],"data":[0,1,2,3,4,5]}""");
        string? difference = tensor.Difference<float>([0, 1, 2, 3, 4.5f, 5], [2, 3], Tolerance.Absolute(0.25));
        Assert.That(difference, Is.EqualTo("at [1, 1] (element 4): expected 4, actual 4.5, 0.5 apart, tolerance ±0.25"));
    }

    [Test]
    public void Type_shape_and_count_are_compared()
    {
        GoldenTensor tensor = Parse("""{"dtype":"int32","shape":[2],"data":[0,1]}""");
        Assert.That(tensor.Difference<long>([0, 1], [2], Tolerance.Exact), Does.Contain("type int32, actual int64"));
        Assert.That(tensor.Difference<int>([0, 1], [1, 2], Tolerance.Exact), Does.Contain("shape [2], actual [1, 2]"));
        Assert.That(tensor.Difference<int>([0], [2], Tolerance.Exact), Does.Contain("2 elements, actual 1"));
        Assert.That(tensor.Difference<int>([0, 1], [2], Tolerance.Exact), Is.Null);
    }

    [Test]
    public void Exact_means_bits_and_a_tolerance_does_not_excuse_non_finite_values()
    {
        GoldenTensor tensor = Parse("""{"dtype":"float32","shape":[3],"data":[-0.0,"NaN","Infinity"]}""");
        float otherNaN = BitConverter.Int32BitsToSingle(0x7fc00001);
        Assert.That(tensor.Difference<float>([-0f, otherNaN, float.PositiveInfinity], [3], Tolerance.Exact), Is.Null);
        Assert.That(tensor.Difference<float>([0f, otherNaN, float.PositiveInfinity], [3], Tolerance.Exact), Does.Contain("[0]"));
        Assert.That(tensor.Difference<float>([0f, otherNaN, float.PositiveInfinity], [3], Tolerance.Absolute(0)), Is.Null);
        Assert.That(tensor.Difference<float>([0f, 1f, float.PositiveInfinity], [3], Tolerance.Absolute(1e9)), Does.Contain("[1]"));
        Assert.That(tensor.Difference<float>([0f, otherNaN, 1f], [3], Tolerance.Absolute(1e9)), Does.Contain("[2]"));
    }

    [Test]
    public void Long_integers_differ_where_their_doubles_do_not()
    {
        GoldenTensor tensor = Parse("""{"dtype":"int64","shape":[1],"data":[9007199254740993]}""");
        Assert.That(tensor.Difference<long>([9007199254740992], [1], Tolerance.Exact), Is.Not.Null);
    }

    [TestCase("sample_stride")]
    [TestCase("stride")]
    public void A_sample_checks_its_elements_sums_extremes_and_hash(string stride)
    {
        float[] all = Recipe.Fill("sampled", 100, -1, 1);
        float[] sample = [.. all.Where((_, i) => i % 7 == 0)];
        string text = JsonSerializer.Serialize(new
        {
            shape = new[] { 10, 10 },
            sample,
            sum = all.Sum(v => (double)v),
            abs_sum = all.Sum(v => Math.Abs((double)v)),
            max = all.Max(),
            min = all.Min(),
            fnv1a64_of_bytes = Recipe.Fnv1a64(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(all)).ToString("x16"),
        });
        GoldenTensor tensor = Parse(text.Replace("\"sample\":", $"\"{stride}\":7,\"sample\":", StringComparison.Ordinal));
        Assert.That(tensor.Difference<float>(all, [10, 10], Tolerance.Exact), Is.Null);

        Assert.That(Changed(7, 0.5f, Tolerance.Absolute(1e-3)), Does.Contain("element 7"));
        Assert.That(Changed(8, 0.9f, Tolerance.Absolute(1e-3)), Does.StartWith("sum"));
        Assert.That(Changed(8, 3f, Tolerance.Absolute(0.1)), Does.StartWith("maximum"));
        Assert.That(Changed(8, MathF.BitIncrement(all[8]) - all[8], Tolerance.Exact), Does.StartWith("sum").Or.StartWith("FNV"));

        string? Changed(int index, float by, Tolerance tolerance)
        {
            float[] copy = [.. all];
            copy[index] += by;
            return tensor.Difference<float>(copy, [10, 10], tolerance);
        }
    }

    [Test]
    public void Equal_sums_do_not_hide_exchanged_elements_from_the_hash()
    {
        float[] all = [1, 2, 3, 4];
        ulong hash = Recipe.Fnv1a64(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(all));
        GoldenTensor tensor = Parse($$"""{"shape":[4],"sample_stride":3,"sample":[1,4],"sum":10,"fnv1a64_of_bytes":"{{hash:x16}}"}""");
        Assert.That(tensor.Difference<float>([1, 3, 2, 4], [4], Tolerance.Exact), Does.StartWith("FNV"));
        Assert.That(tensor.Difference<float>([1, 3, 2, 4], [4], Tolerance.Absolute(1e-6)), Is.Null);
    }

    [Test]
    public void A_double_may_stand_against_a_float()
    {
        GoldenTensor tensor = Parse("""{"dtype":"float32","shape":[1],"data":[0.1]}""");
        Assert.That(tensor.Difference<double>([0.1], [1], Tolerance.Absolute(1e-8)), Is.Null);
    }

    [Test]
    public void A_session_result_is_compared_by_its_type()
    {
        GoldenTensor tensor = Parse("""{"dtype":"float32","shape":[2,2],"data":[1,2,3,4]}""");
        tensor.AssertEqual(NumSharp.np.array(new float[,] { { 1, 2 }, { 3, 4 } }), Tolerance.Exact);
        Assert.That(() => tensor.AssertEqual(NumSharp.np.array(new float[] { 1, 2, 3, 4 }), Tolerance.Exact, "scores"), Throws.TypeOf<AssertionException>());
    }

    [Test]
    public void A_count_that_does_not_fit_the_shape_is_refused() =>
        Assert.That(() => Parse("""{"dtype":"int32","shape":[3],"data":[1]}"""), Throws.TypeOf<InvalidDataException>());

    private static GoldenTensor Parse(string text) => GoldenTensor.Parse(Json(text));

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}

namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>
    /// Sets a random share of elements to 0 and multiplies the others by 1 / keepProb (<c>tf.nn.dropout</c>; Srivastava and
    /// others, 2014). An element stays where a uniform number u of its own is at least 1 − keepProb.
    /// </summary>
    /// <param name="x">float32 or float64.</param>
    /// <param name="keepProb">The share that stays: a number above 0 and at most 1 (1 adds no node), or a scalar tensor.</param>
    /// <param name="noiseShape">The shape in which numbers are drawn; where it has size 1, a whole slice stays or goes together; −1 stands for x's size. x's shape if null.</param>
    /// <param name="seed">The op's own seed; see <see cref="Graph.SetRandomSeed"/>.</param>
    /// <param name="name">The scope of its nodes.</param>
    /// <exception cref="GraphException">The share is out of range, or x holds no floating-point numbers.</exception>
    public static Tensor Dropout(Tensor x, Operand keepProb, Operand? noiseShape = null, long? seed = null, string? name = null)
    {
        if (keepProb.Number is { } keep)
        {
            if (keep is not (> 0 and <= 1)) throw new GraphException($"Dropout of {x.Name}: keepProb {keep} must be above 0 and at most 1.");
            return DropoutByRate(x, 1 - keep, noiseShape, seed, name);
        }

        // TensorFlow turns the share to keep into one to drop before it opens the scope.
        return DropoutByRate(x, 1f - keepProb.ToTensor(x.Graph, x.DType, "keep_prob"), noiseShape, seed, name);
    }

    /// <summary>As <see cref="Dropout"/>, by the share that goes (<c>tf.nn.dropout(x, rate=…)</c>).</summary>
    /// <param name="x">float32 or float64.</param>
    /// <param name="rate">The share that becomes 0: a number from 0 (which adds no node) and below 1, or a scalar tensor.</param>
    /// <param name="noiseShape">The shape in which numbers are drawn; x's if null.</param>
    /// <param name="seed">The op's own seed.</param>
    /// <param name="name">The scope of its nodes.</param>
    public static Tensor DropoutByRate(Tensor x, Operand rate, Operand? noiseShape = null, long? seed = null, string? name = null)
    {
        if (!x.DType.IsFloating()) throw new GraphException($"Dropout scales its input, so {x.Name} must be float32 or float64; it holds {x.DType.Name()}.");
        if (rate.Number is { } number && number is not (>= 0 and < 1)) throw new GraphException($"Dropout of {x.Name}: rate {number} must be at least 0 and below 1.");
        Graph graph = x.Graph;
        using NameScope scope = graph.NameScope(name ?? "dropout");
        if (rate.Number == 0) return x;
        Tensor drop = rate.ToTensor(graph, x.DType, "rate");
        Tensor noise = graph.RandomUniform(NoiseShape(x, noiseShape), type: x.DType, seed: seed);
        Tensor scale = 1f / (1f - drop);
        Tensor kept = MathOps.GreaterEqual(noise, drop);
        Tensor result = x * scale * MathOps.Cast(kept, x.DType);
        result.SetShape(x.Shape);
        return result;
    }

    // A size of −1 in a list stands for x's.
    private static Operand NoiseShape(Tensor x, Operand? noiseShape)
    {
        if (noiseShape is not { } given) return ArrayOps.Shape(x);
        if (given.Sizes is not { } sizes || !x.Shape.HasRank || x.Shape.Rank != sizes.Length) return given;
        return Operand.List([.. sizes.Select((size, i) => (Operand)(size == -1 ? x.Shape[i] ?? -1 : size))]);
    }
}

namespace AlexNetTF;

/// <summary>How a weight file's values get into a session's variables.</summary>
public enum WeightLoading
{
    /// <summary>The values are read into memory of the session's own. The file may change or go afterwards.</summary>
    Read,

    /// <summary>
    /// The file is mapped, and the variables are the mapping: nothing is copied, and processes that map the same file share its
    /// pages. What training writes stays in this process; the file never changes. Tensors that the file does not hold as memory would
    /// (little-endian float32 in TensorFlow's layout from a multiple of four bytes on, as safetensors, plain .npy, uncompressed .npz, TensorFlow's
    /// checkpoints, frozen graphs and ONNX models' external data can have them) are read as always, and so is everything with
    /// <see cref="Engine.TensorFlow"/>; <see cref="WeightReport.MappedBytes"/> says what was mapped.
    /// The values are still looked through once for infinities and NaN, unless these are allowed.
    /// While the session lives the file may be deleted or replaced by another under its name (on Windows: not before the session ends),
    /// but must not be overwritten or cut short in place: values would change, or the process end.
    /// </summary>
    Map,
}

namespace Shortline.LocalEngine;

/// <summary>Reads members into a value; compiled by <see cref="RecordCode{T}"/>.</summary>
internal delegate void ReadMembers<T>(WireReader reader, ref T value);

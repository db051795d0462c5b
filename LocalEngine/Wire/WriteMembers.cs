namespace Shortline.LocalEngine;

/// <summary>Writes members of a value; compiled by <see cref="RecordCode{T}"/>.</summary>
internal delegate void WriteMembers<T>(WireWriter writer, ref T value);

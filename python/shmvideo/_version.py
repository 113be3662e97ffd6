# SPDX-License-Identifier: Apache-2.0
"""The version; tests compare it with CMakeLists.txt."""
__version__ = "0.1.0"
